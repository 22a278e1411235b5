const fs = require('fs');
const path = require('path');
require('http').createServer((request, response) => {
  const database = process.env.DATABASE_URL.replace('sqlite:///', '');
  const files = [process.env.LOG_FILE, database, process.env.XDG_CACHE_HOME + '/x', process.env.UPLOAD_DIR + '/x'];
  for (const file of files) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.appendFileSync(file, 'x');
  }
  response.end(`${files.length} written\n`);
}).listen(3000);
