const fs = require('fs');
require('http').createServer((request, response) => {
  for (const log of ['access', 'error']) fs.writeFileSync(`/logs/${log}.log`, `${request.url}\n`);
  response.end('logged\n');
}).listen(3000);
