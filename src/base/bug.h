/* What cannot happen, and what cannot be survived. */
#ifndef BASE_BUG_H
#define BASE_BUG_H

/* A broken invariant of ours: says where and ends the program with exit code 70. */
#define BUG(...) bug_die(__FILE__, __LINE__, __VA_ARGS__)

_Noreturn void bug_die(const char *file, int line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Out of memory ends the program with a message and exit code 70: nothing can be half-written then,
 * because files are replaced atomically. */
_Noreturn void bug_out_of_memory(unsigned long wanted);

#endif
