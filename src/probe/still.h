/* What lies in the image that the probe was put into. */
#ifndef PROBE_STILL_H
#define PROBE_STILL_H

/* Files with set-user-ID and set-group-ID bits below "/", and shells. */
void still_look(void);
/* What this path is, and whether it holds anything. */
void still_folder(const char *path);
/* Who we are: the numbers that the engine made of the image's user. */
void still_self(void);

#endif
