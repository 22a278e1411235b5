import http.server


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        for path in "/app/uploads/one", "/var/log/app/log", "/data/one":
            with open(path, "a") as f:
                f.write(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"three files written")


http.server.HTTPServer(("", 8000), Handler).serve_forever()
