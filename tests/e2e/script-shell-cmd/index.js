require('http').createServer((q, a) => a.end('from ' + process.argv[2])).listen(3000);
