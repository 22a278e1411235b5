const fs = require('fs');
require('http').createServer((request, response) => response.end(fs.readFileSync('conf/word'))).listen(3000);
