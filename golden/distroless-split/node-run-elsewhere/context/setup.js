require("fs").mkdirSync("/data");
