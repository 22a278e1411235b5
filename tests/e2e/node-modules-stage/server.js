const fs = require('fs');
const left = require('left');
require('http').createServer((request, response) => {
  fs.mkdirSync('node_modules/.cache', { recursive: true });
  response.end(`${left}, and a cache\n`);
}).listen(3000);
