package test.example;

public class Server {
    public static void main(String[] arguments) {}
}
