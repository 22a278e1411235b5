const fs = require('fs');
require('http').createServer((request, response) => {
  response.end(fs.readFileSync('/etc/app/key.txt'));
}).listen(3000);
