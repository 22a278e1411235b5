const fs = require('fs');
const folder = require('find-cache-dir')({ name: 'e2e' });
require('http').createServer((request, response) => {
  fs.appendFileSync(folder + '/build', ', then by the server');
  fs.writeFileSync(folder + '/own', 'x');
  response.end('cached\n');
}).listen(3000);
