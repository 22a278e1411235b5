const fs = require('fs');
require('http').createServer((q, a) =>
  a.end(process.env.NODE_ENV + ' ' + fs.readFileSync('before.txt'))).listen(3000);
