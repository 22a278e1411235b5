const shout = require('shout');
require('http').createServer((request, response) => response.end(shout('hello from distroless\n'))).listen(3000);
