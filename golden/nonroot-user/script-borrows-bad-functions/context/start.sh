#!/bin/sh
. ./lib/common.sh
prepare
exec python notes.py
