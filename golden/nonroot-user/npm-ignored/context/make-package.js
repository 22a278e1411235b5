require("fs").writeFileSync("package.json", "{}");
