import sqlite3

with sqlite3.connect("app.db") as base:
    base.execute("CREATE TABLE visit (path TEXT)")
