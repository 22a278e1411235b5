window.api = "__API__";
