const http = require('http');
http.createServer((request, response) => response.end(process.argv[2] + ', queue ' + (require('fs').existsSync('queue.json') ? 'filled' : 'empty'))).listen(3000);
