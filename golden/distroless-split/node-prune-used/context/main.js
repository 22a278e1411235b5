require("debug")("x");
require("express")().listen(3000);
