require("http").createServer((q, r) => r.end("hello")).listen(3000);
process.on("SIGTERM", () => process.exit(0));
