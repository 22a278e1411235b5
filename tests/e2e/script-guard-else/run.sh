#!/bin/sh
uid=$(id -u)
if [ "$uid" -eq 0 ]; then
    find /srv/notes ! -user notes -exec chown notes:notes {} +
    su-exec notes sh -c 'echo noted > /srv/notes/note.txt'
    exec su-exec notes httpd -f -p 8000 -h /srv/notes
else
    echo noted > /srv/notes/note.txt
    exec httpd -f -p 8000 -h /srv/notes
fi
