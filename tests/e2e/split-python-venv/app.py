import argparse
import os.path
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

import greet

parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int)
port = parser.parse_args().port


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        where = os.path.dirname(sys.executable)
        packages = os.path.basename(os.path.dirname(os.path.dirname(greet.__file__)))
        text = packages if self.path == "/package" else greet.hello(where)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"{text}\n".encode())

    def log_message(self, *args):
        pass


HTTPServer(("", port), Handler).serve_forever()
