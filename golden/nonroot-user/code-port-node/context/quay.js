const http = require('http');
const port = process.env.PORT || 80;
http.createServer((request, response) => response.end('quay')).listen(port);
