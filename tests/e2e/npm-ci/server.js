const left = require('left');
const fs = require('fs');
const roots = ['/usr/local/share/installed', 'dist/builder'].map((file) => fs.readFileSync(file, 'utf8').trim());
require('http').createServer((request, response) => {
  response.end(`${left}, scripts ran as ${roots}\n`);
}).listen(3000);
