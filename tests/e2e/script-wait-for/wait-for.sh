#!/usr/bin/env bash
# wait-for.sh HOST PORT -- COMMAND...
host=$1 port=$2
shift 2
[ "$1" = "--" ] && shift
tries=0
until (exec 3<> "/dev/tcp/$host/$port") 2> /dev/null; do
    tries=$((tries + 1))
    if [ "$tries" -ge 3 ]; then
        echo "$host:$port does not answer, going on" | tee wait.log
        break
    fi
    sleep 0.2
done
exec "$@"
