const fs = require('fs');
require('http').createServer((request, response) => {
  fs.appendFileSync('logs/app.log', request.url + '\n');
  fs.writeFileSync('counter', String(Number(fs.readFileSync('counter')) + 1));
  response.end(`visit ${fs.readFileSync('counter')}\n`);
}).listen(3000);
