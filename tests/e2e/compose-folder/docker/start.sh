#!/bin/sh
set -e
pwd > where
exec python web.py
