package test.example;

import java.awt.Font;

public class Server {
    public static void main(String[] a) {}
}
