#!/usr/bin/env python
import os
import pathlib
import shutil
import sqlite3
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

BASE = pathlib.Path(__file__).resolve().parent


def migrate():
    with sqlite3.connect(BASE / "db.sqlite3") as base:
        base.execute("CREATE TABLE IF NOT EXISTS note (text TEXT)")
        base.executemany("INSERT INTO note VALUES (?)", [("one",), ("two",)])


def collectstatic():
    shutil.rmtree(BASE / "staticfiles", ignore_errors=True)
    shutil.copytree(BASE / "static", BASE / "staticfiles")


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        count = sqlite3.connect(BASE / "db.sqlite3").execute("SELECT count(*) FROM note").fetchone()[0]
        static = "yes" if (BASE / "staticfiles/site.css").exists() else "no"
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"{count} notes, static: {static}".encode())


def runserver(where):
    host, port = where.split(":")
    HTTPServer((host, int(port)), Handler).serve_forever()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "notes.settings")
    {"migrate": lambda: migrate(), "collectstatic": lambda: collectstatic(),
     "runserver": lambda: runserver(sys.argv[2])}[sys.argv[1]]()
