/*
 * probe: the program that `unroot verify` lets look into containers which have nothing to look
 * with. It needs no library, no shell and no file; it writes lines and ends with "done".
 *
 *   probe live MILLISECONDS PATH [PORT...]   processes, sockets, HTTP (see live.h)
 *   probe still [FOLDER...]                  what lies in this image (see still.h)
 *   probe self                               who we are
 */
#include "probe/live.h"
#include "probe/still.h"
#include "probe/text.h"

#if defined(__x86_64__)
__asm__(".globl _start\n"
        "_start:\n"
        "    xor %ebp, %ebp\n"
        "    mov %rsp, %rdi\n"
        "    and $-16, %rsp\n"
        "    call probe_main\n");
#else
__asm__(".globl _start\n"
        "_start:\n"
        "    mov x29, #0\n"
        "    mov x0, sp\n"
        "    bl probe_main\n");
#endif

static int live(long argc, char **argv)
{
    struct live_question q = {0};
    if (argc < 2)
        return 2;
    q.wait_ms = (unsigned)text_number(argv[0], 10);
    q.path = argv[1];
    for (long i = 2; i < argc && q.port_count < sizeof q.ports / sizeof *q.ports; i++)
        q.ports[q.port_count++] = (unsigned)text_number(argv[i], 10);
    live_look(&q);
    return 0;
}

static int still(long argc, char **argv)
{
    still_look();
    for (long i = 0; i < argc; i++)
        still_folder(argv[i]);
    return 0;
}

static int run(long argc, char **argv)
{
    if (argc < 2)
        return 2;
    if (text_after(argv[1], "live"))
        return live(argc - 2, argv + 2);
    if (text_after(argv[1], "still"))
        return still(argc - 2, argv + 2);
    if (!text_after(argv[1], "self"))
        return 2;
    still_self();
    return 0;
}

/* What the kernel puts on the stack: the number of arguments, then the arguments. */
_Noreturn void probe_main(long *stack);
_Noreturn void probe_main(long *stack)
{
    put("unroot-probe 1\n");
    int code = run(stack[0], (char **)(stack + 1));
    put(code ? "wrong\n" : "done\n");
    put_flush();
    sys_exit(code);
}
