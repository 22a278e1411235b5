require('fs').mkdirSync('/data');
