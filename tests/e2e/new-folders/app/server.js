const fs = require('fs');
require('http').createServer((request, response) => {
  fs.mkdirSync(__dirname + '/uploads', { recursive: true });
  fs.mkdirSync(__dirname + '/../cache', { recursive: true });
  response.end('two folders made\n');
}).listen(3000);
