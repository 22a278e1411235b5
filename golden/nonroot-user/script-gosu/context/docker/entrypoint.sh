#!/bin/sh
echo starting
exec gosu node "$@"
