mkdir -p tmp
exec python web.py #
