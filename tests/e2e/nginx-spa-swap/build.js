const fs = require('fs');
fs.mkdirSync('dist');
fs.writeFileSync('dist/index.html', '<p>built</p>\n');
