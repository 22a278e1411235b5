#!/bin/sh
set -e
APP_HOME=$(cd "$(dirname "$0")/.." && pwd)
cd "$APP_HOME"
exec java $JAVA_OPTS -Djava.io.tmpdir="$APP_HOME" -jar app.jar "$@"
