#!/bin/sh
prepare() { echo example > /etc/shopname; }
prepare
exec python web.py
