// Says hello, and notes each visit in a file beside itself.
const fs = require('fs');
require('http').createServer((request, response) => {
  if (request.url === '/note') fs.appendFileSync('visits.txt', 'seen\n');
  response.end(request.url === '/note' ? fs.readFileSync('visits.txt', 'utf8') : 'hello from node\n');
}).listen(3000);
