#!/bin/sh
: "${DB_HOST:=127.0.0.1}"
exec ./wait-for.sh "$DB_HOST" 9 -- python web.py
