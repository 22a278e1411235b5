require('fs').writeFileSync('queue.json', '[1]');
