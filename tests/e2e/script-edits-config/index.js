const fs = require('fs');
require('http').createServer((q, a) => a.end(fs.readFileSync('public/config.js'))).listen(3000);
