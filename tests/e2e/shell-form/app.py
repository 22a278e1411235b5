import http.server
import os
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(("%s, process %d" % (os.environ["GREETING"], os.getpid())).encode())


http.server.HTTPServer(("", int(sys.argv[2])), Handler).serve_forever()
