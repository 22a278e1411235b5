const fs = require('fs');
require('http').createServer((request, response) => {
  fs.writeFileSync('cache/page', request.url);
  response.end('hello from alpine\n');
}).listen(3000);
