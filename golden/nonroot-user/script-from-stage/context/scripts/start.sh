#!/bin/sh
exec /usr/local/bin/ledger --listen :8080
