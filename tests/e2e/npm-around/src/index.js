const http = require('http');
http.createServer((request, response) => response.end('migrated to ' + require('fs').readFileSync('data/version', 'utf8').trim())).listen(3000);
