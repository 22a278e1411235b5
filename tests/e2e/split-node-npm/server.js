const fs = require('fs');
const greet = require('greet');
const name = process.argv[process.argv.indexOf('--name') + 1];
const settings = JSON.parse(fs.readFileSync(process.env.CONFIG, 'utf8'));
const shells = ['ash', 'bash', 'sh'].filter((name) => fs.existsSync(`/bin/${name}`));
const answers = {
  '/': `${greet(name)}, in ${process.env.NODE_ENV}`,
  '/config': settings.answer,
  '/child': fs.existsSync('/nodejs/bin/node') ? shells.join(' ') || 'none' : 'none',
};
require('http').createServer((request, response) => {
  response.end(`${answers[request.url]}\n`);
}).listen(3000);
