const fs = require('fs'); fs.writeFileSync('made', ''); fs.mkdirSync('deep'); fs.writeFileSync('deep/made', '');
