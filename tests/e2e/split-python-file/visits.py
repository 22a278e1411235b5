import datetime
import sqlite3
import zoneinfo
from http.server import BaseHTTPRequestHandler, HTTPServer

database = sqlite3.connect("data/visits.db")
database.execute("create table if not exists visits (n integer)")
winter = datetime.datetime(2026, 1, 1, tzinfo=zoneinfo.ZoneInfo("Europe/Helsinki"))


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        with database:
            database.execute("insert into visits values (1)")
        count = database.execute("select count(*) from visits").fetchone()[0]
        hours = winter.utcoffset().seconds // 3600
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"visit {count}, UTC+{hours}\n".encode())

    def log_message(self, *args):
        pass


HTTPServer(("", 5000), Handler).serve_forever()
