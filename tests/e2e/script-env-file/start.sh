set -a
. ./defaults.env
set +a
. ./lib/render.sh
render > public/index.html
exec httpd -f -v -p "$PORT" -h public
