#!/bin/sh
echo chmod > page
exec "$@"
