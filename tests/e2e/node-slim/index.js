const os = require('os');
require('http').createServer((request, response) => {
  response.end(`hello from ${process.env.NODE_ENV}, home ${os.homedir() === os.userInfo().homedir}\n`);
}).listen(process.env.PORT);
