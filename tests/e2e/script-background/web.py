import http.server, os, sys


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body().encode())

    def log_message(self, *a):
        pass


def body():
    return "worker says " + open("result").read()


import time
while not os.path.exists("result") or not os.path.getsize("result"):
    time.sleep(0.1)
http.server.HTTPServer(("", 8000), Handler).serve_forever()
