const fs = require('fs');
require('http').createServer((request, response) => {
  fs.mkdirSync('node_modules/.cache/e2e', { recursive: true });
  response.end('cached\n');
}).listen(3000);
