#!/bin/sh
echo "$0" > tmp/by
exec node server.js
