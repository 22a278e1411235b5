const fs = require('fs');
const folder = process.argv[3];
require('http').createServer((request, response) => {
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(folder + '/one', 'x');
  response.end(`kept in ${folder}\n`);
}).listen(3000);
