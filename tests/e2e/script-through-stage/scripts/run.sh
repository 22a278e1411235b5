#!/bin/sh
set -e
mkdir -p logs
echo started >> logs/app.log
exec app --name stage
