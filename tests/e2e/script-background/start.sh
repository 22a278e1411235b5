#!/bin/bash
# Starts the worker in the background and the web server next to it.
python worker.py &
worker=$!
python web.py &
web=$!

trap "kill $worker $web" INT TERM
wait -n
exit $?
