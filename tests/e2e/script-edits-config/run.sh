#!/bin/sh
set -eu
sed -i "s|__API__|${API_URL}|" public/config.js
exec node index.js
