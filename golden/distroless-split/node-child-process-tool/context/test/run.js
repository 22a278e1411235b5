require("child_process");
