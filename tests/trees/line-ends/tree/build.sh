#!/bin/sh
set -e
cd "$(dirname "$0")"
docker build -t "acme/app:${1:-dev}" app
