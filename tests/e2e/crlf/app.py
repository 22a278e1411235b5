import http.server
import sqlite3


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        base = sqlite3.connect("visits.db")
        with base:
            base.execute("CREATE TABLE IF NOT EXISTS visit (path TEXT)")
            base.execute("INSERT INTO visit VALUES (?)", (self.path,))
        count = base.execute("SELECT count(*) FROM visit").fetchone()[0]
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"visit %d" % count)


http.server.HTTPServer(("", 5000), Handler).serve_forever()
