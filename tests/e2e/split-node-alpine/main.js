const sum = require('sum');
require('http').createServer((request, response) => {
  response.end(`two and three are ${sum(2, 3)}\n`);
}).listen(3000);
