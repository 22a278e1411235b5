const http = require('http');
http.createServer((request, response) => response.end('by ' + require('fs').readFileSync('tmp/by', 'utf8').trim())).listen(3000);
