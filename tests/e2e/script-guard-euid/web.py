import http.server, os, sys


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body().encode())

    def log_message(self, *a):
        pass


def body():
    return "rows %d" % len(open("/var/lib/rows/table").readlines())


http.server.HTTPServer(("", 8000), Handler).serve_forever()
