/* The names in a folder. */
#ifndef PROBE_FOLDER_H
#define PROBE_FOLDER_H

struct folder {
    int fd;
    unsigned at, n;
    char block[4096];
};

/* 0, or -1. */
int folder_open(struct folder *f, const char *path);
/* NULL at the end; "." and ".." are left out. It lives until the next call. */
const char *folder_next(struct folder *f);
void folder_close(struct folder *f);

#endif
