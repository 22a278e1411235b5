rm -f /run/notes.pid /tmp/notes.sock
exec python notes.py
