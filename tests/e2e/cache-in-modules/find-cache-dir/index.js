// Where the real package of this name puts caches.
const fs = require('fs');
const path = require('path');
module.exports = ({ name }) => {
  const folder = path.join(process.cwd(), 'node_modules', '.cache', name);
  fs.mkdirSync(folder, { recursive: true });
  return folder;
};
