package hello;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

public class Server {
    public static void main(String[] arguments) throws IOException {
        Properties settings = new Properties();
        try (InputStream in = Files.newInputStream(Path.of("config/server.properties"))) {
            settings.load(in);
        }
        String greeting = settings.getProperty("greeting") + " " + System.getProperty("who") + " " + arguments[0];
        HttpServer server = HttpServer.create(new InetSocketAddress(8080), 0);
        server.createContext("/", exchange -> {
            byte[] body = greeting.getBytes();
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }
}
