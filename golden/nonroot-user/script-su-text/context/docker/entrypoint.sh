#!/bin/sh
exec su node -c "npm start"
