console.log(process.env.npm_package_version);
require("http").createServer((q, r) => r.end("hello")).listen(3000);
