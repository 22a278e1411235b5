const loud = require('loud');
require('http').createServer((request, response) => {
  response.end(`${loud('@state@')}\n`);
}).listen(8080);
