'use strict';
const http = require('node:http');

const url = `http://127.0.0.1:${Number(process.env.PORT) || 8080}/healthz`;
const request = http.get(url, (response) => process.exit(response.statusCode === 200 ? 0 : 1));
request.on('error', () => process.exit(1));
