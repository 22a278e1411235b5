package test.example;

public class Server {
    public static void main(String[] a) throws Exception {
        new ProcessBuilder("convert").start();
    }
}
