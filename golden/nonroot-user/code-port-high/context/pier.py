import http.server
import smtplib

# once: HTTPServer(('', 80), …)
mail = smtplib.SMTP
post = {'host': 'mail.example.org', 'port': 25}
http.server.HTTPServer(('', 8080), http.server.SimpleHTTPRequestHandler).serve_forever()
