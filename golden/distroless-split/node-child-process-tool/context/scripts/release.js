require("child_process").execSync("git tag");
