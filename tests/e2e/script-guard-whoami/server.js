const http = require('http');
http.createServer((request, response) => response.end('cache ' + require('fs').readFileSync('cache/state', 'utf8').trim())).listen(3000);
