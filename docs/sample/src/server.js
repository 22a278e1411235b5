'use strict';
// GET / shows the notes, POST / adds one, GET /healthz says that we are alive.
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');

const root = path.join(__dirname, '..');
const notesFile = path.join(root, 'data', 'notes.json');
const page = fs.readFileSync(path.join(root, 'public', 'index.html'), 'utf8');

function readNotes() {
  try {
    return JSON.parse(fs.readFileSync(notesFile, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}

function escape(text) {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

function show(response) {
  const items = readNotes().map((note) => `<li>${escape(note)}</li>`).join('\n');
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.end(page.replace('{{notes}}', () => items));
}

function add(request, response) {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk) => {
    body += chunk;
    if (body.length > 4096) request.destroy();
  });
  request.on('end', () => {
    const note = new URLSearchParams(body).get('note');
    if (note) fs.writeFileSync(notesFile, JSON.stringify([...readNotes(), note].slice(-100)));
    response.writeHead(303, { Location: '/' });
    response.end();
  });
}

const server = http.createServer((request, response) => {
  if (request.url === '/healthz') response.end('ok\n');
  else if (request.method === 'POST') add(request, response);
  else show(response);
});

server.listen(Number(process.env.PORT) || 8080, () => {
  console.log(`guest book on port ${server.address().port}, as uid ${process.getuid()}`);
});
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => server.close(() => process.exit(0)));
