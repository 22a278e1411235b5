require('fs').writeFileSync('native.txt', 'made by its install script');
