const fs = require('fs');
const loud = require('loud');
require('http').createServer((request, response) => {
  const names = fs.readdirSync('node_modules').filter((name) => !name.startsWith('.')).join(' ');
  response.end(`${request.url === '/packages' ? names : loud('@state@')}\n`);
}).listen(8080);
