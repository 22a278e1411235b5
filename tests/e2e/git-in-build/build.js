const fs = require('fs');
const subject = require('child_process').execSync('git log -1 --format=%s', { encoding: 'utf8' }).trim();
fs.mkdirSync('dist');
fs.writeFileSync('dist/server.js', `require('http').createServer((q, r) => r.end('built from: ${subject}')).listen(3000);\n`);
