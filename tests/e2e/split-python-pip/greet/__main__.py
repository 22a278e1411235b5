import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

with open(sys.argv[sys.argv.index("--words") + 1]) as file:
    words = file.read().strip()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"{words}\n".encode())

    def log_message(self, *args):
        pass


HTTPServer(("", 8000), Handler).serve_forever()
