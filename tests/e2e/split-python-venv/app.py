import argparse
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

import greet

parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int)
port = parser.parse_args().port


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        text = greet.hello("python %d.%d" % sys.version_info[:2])
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"{text}\n".encode())

    def log_message(self, *args):
        pass


HTTPServer(("", port), Handler).serve_forever()
