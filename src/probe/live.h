/* What runs and listens in the process and network namespaces that the probe is in. */
#ifndef PROBE_LIVE_H
#define PROBE_LIVE_H

struct live_question {
    unsigned wait_ms;    /* for a port, at most */
    const char *path;    /* to ask each port for, over HTTP */
    unsigned ports[16];  /* these must listen before it goes on */
    unsigned port_count; /* 0: any one will do */
};

void live_look(const struct live_question *q);

#endif
