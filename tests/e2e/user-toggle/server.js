const fs = require('fs');
require('http').createServer((request, response) => {
  fs.appendFileSync('/home/node/.config/mine', 'x');
  response.end(`${fs.readFileSync('/etc/hello', 'utf8').trim()}\n`);
}).listen(3000);
