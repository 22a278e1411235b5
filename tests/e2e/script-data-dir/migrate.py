import sqlite3
import sys

with sqlite3.connect(sys.argv[1]) as base:
    base.execute("PRAGMA user_version = 1")
