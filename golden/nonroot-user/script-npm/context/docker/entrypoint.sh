#!/bin/sh
node migrate.js
exec npm run start
