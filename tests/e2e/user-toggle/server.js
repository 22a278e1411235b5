const fs = require('fs');
const os = require('os');
require('http').createServer((request, response) => {
  fs.appendFileSync(os.homedir() + '/.config/mine', 'x');
  response.end(`${fs.readFileSync('/etc/hello', 'utf8').trim()}\n`);
}).listen(3000);
