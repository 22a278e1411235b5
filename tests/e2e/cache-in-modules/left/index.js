module.exports = require('fs').readFileSync(require('path').join(__dirname, 'native.txt'), 'utf8');
