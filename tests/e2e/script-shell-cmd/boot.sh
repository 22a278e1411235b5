echo "booting"
exec "$@"
