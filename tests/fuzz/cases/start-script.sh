#!/bin/sh -e
# A start script with one of everything that the reader looks for.
uid="$(id -u)" me=`whoami`
is_root() { [ "$uid" -eq 0 ] && return; false; }
die() {
    echo "$@" >&2
    exit 1
}
if [ "${1#-}" != "$1" ] || [ "$#" = 0 ]; then
    set -- server "$@"
fi
case "$(id -u):$1" in
0:*) mkdir -p /data ;;
*) : ;;
esac
if is_root; then
    find /data ! -user app -exec chown app {} + || true
    exec gosu app:app "$0" "$@"
elif ! [ "$me" != root -a -n "$A" ]; then
    trap 'kill 0' EXIT
    ( umask 077; server & wait ) | tee -a /data/log
fi
while ! nc -z "${DB:-$(hostname)}" 1; do sleep 1; done <<X
$(env)
X
[ "$uid" = 0 ] || exec setpriv --reuid=app -- "$@" 2>&1
su app -c "exec $*" || die no
exec tini -- su-exec app "$@"
