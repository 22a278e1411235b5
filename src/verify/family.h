/* family: the processes that a process has started, and those that they have. */
#ifndef VERIFY_FAMILY_H
#define VERIFY_FAMILY_H

#include <stddef.h>
#include <sys/types.h>

/* Sends the signal to all of them, not to the process itself. How many there were; 0 when it can't
 * be told. */
size_t family_kill(pid_t pid, int signal);

#endif
