const fs = require('fs');
fs.mkdirSync('dist/deep', { recursive: true });
fs.writeFileSync('dist/index.html', '<h1>built for the site</h1>\n');
fs.writeFileSync('dist/deep/page.html', '<p>deep</p>\n');
