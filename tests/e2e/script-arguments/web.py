import http.server, os, sys
class H(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        with open("visits", "a") as f: f.write("x")
        self.send_response(200); self.end_headers()
        self.wfile.write(("%s %s %s" % (os.environ.get("STAGE", "-"), " ".join(sys.argv[1:]), os.path.exists("visits"))).encode())
    def log_message(self, *a): pass
http.server.HTTPServer(("0.0.0.0", 8000), H).serve_forever()
