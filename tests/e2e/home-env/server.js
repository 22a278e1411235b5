const fs = require('fs');
const os = require('os');
require('http').createServer((request, response) => {
  fs.writeFileSync(os.homedir() + '/.state', 'x');
  response.end(`home is ${os.homedir()}\n`);
}).listen(3000);
