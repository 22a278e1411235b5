import http.server

from greet import greet


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        installed = ".local" in greet.__code__.co_filename
        self.send_response(200)
        self.end_headers()
        self.wfile.write(("%s (installed: %s)" % (greet("python"), installed)).encode())


http.server.HTTPServer(("", 8000), Handler).serve_forever()
