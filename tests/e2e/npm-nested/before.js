require('fs').writeFileSync('before.txt', 'before');
