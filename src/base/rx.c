/*
 * PCRE2's own limits do not bound time: the match limit starts anew at each start position, and
 * loops over one character are not counted at all by machine code. A hostile pattern can stay below
 * them and run for minutes on a few thousand bytes. So patterns of strangers are compiled with a
 * callout before each item, and those are counted: an item costs at most one pass over the subject,
 * so the number allowed follows from the two lengths. It is the same with and without machine code.
 * Our own patterns do without; their match limit is a safety net.
 */
#include "base/rx.h"

#include <stdio.h>
#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/bug.h"

/* Of one call: roughly bytes looked at. Ends within a second, and within some 20 ms. */
#define WORK (UINT64_C(1) << 31)
#define WORK_SHORT (UINT64_C(1) << 25)

enum {
    STEPS = 50 << 20,
    HEAP_KIB = 8 << 10,
    STACK_MIN = 32 << 10,
    STACK_MAX = 8 << 20,
};

struct rx {
    pcre2_code *code;
    uint32_t groups;
    size_t weight; /* what an item may cost a byte of subject */
    uint64_t work; /* 0: not counted */
};

static uint32_t options_of(unsigned flags)
{
    uint32_t o = PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C;
    if (flags & RX_USER)
        o |= PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_AUTO_CALLOUT;
    if (flags & RX_NOCASE)
        o |= PCRE2_CASELESS;
    if (flags & RX_WHOLE)
        o |= PCRE2_ANCHORED | PCRE2_ENDANCHORED;
    return o;
}

static void *or_die(void *p)
{
    if (!p)
        bug_out_of_memory(0);
    return p;
}

static pcre2_code *compile(const char *pattern, size_t n, unsigned flags, int *code, size_t *at)
{
    pcre2_compile_context *cc = or_die(pcre2_compile_context_create(NULL));
    pcre2_set_max_pattern_length(cc, RX_PATTERN_MAX);
    pcre2_code *c =
        pcre2_compile((PCRE2_SPTR)(n ? pattern : ""), n, options_of(flags), code, at, cc);
    pcre2_compile_context_free(cc);
    if (!c && *code == PCRE2_ERROR_HEAP_FAILED)
        bug_out_of_memory(n);
    return c;
}

struct rx *rx_compile(const char *pattern, size_t n, unsigned flags, char *err, size_t errsize)
{
    int code;
    size_t at;
    pcre2_code *c = compile(pattern, n, flags, &code, &at);
    if (!c) {
        PCRE2_UCHAR why[128] = "";
        pcre2_get_error_message(code, why, sizeof why);
        snprintf(err, errsize, "%s (at byte %zu)", (char *)why, at);
        return NULL;
    }
    struct rx *rx = or_die(malloc(sizeof *rx));
    rx->code = c;
    /* A class can be as slow as it is long to write. */
    rx->weight = 1 + n / 16;
    rx->work = !(flags & RX_USER) ? 0 : flags & RX_SHORT ? WORK_SHORT : WORK;
    pcre2_pattern_info(c, PCRE2_INFO_CAPTURECOUNT, &rx->groups);
    /* It fails where memory cannot be made executable; matching then interprets the pattern. */
    if (!(flags & RX_SHORT))
        pcre2_jit_compile(c, PCRE2_JIT_COMPLETE);
    return rx;
}

void rx_free(struct rx *rx)
{
    if (!rx)
        return;
    pcre2_code_free(rx->code);
    free(rx);
}

static int count(pcre2_callout_block *block, void *left)
{
    uint64_t *n = left;
    (void)block;
    return --*n ? 0 : PCRE2_ERROR_CALLOUT;
}

static pcre2_match_context *limits(void)
{
    pcre2_match_context *mc = or_die(pcre2_match_context_create(NULL));
    pcre2_set_match_limit(mc, STEPS);
    pcre2_set_heap_limit(mc, HEAP_KIB);
    return mc;
}

static int try_with(const struct rx *rx, struct str s, pcre2_match_data *md,
                    pcre2_match_context *mc)
{
    uint64_t items = rx->work / ((s.n + 64) * rx->weight) + 1;
    pcre2_set_callout(mc, rx->work ? count : NULL, &items);
    return pcre2_match(rx->code, (PCRE2_SPTR)(s.p ? s.p : ""), s.n, 0, 0, md, mc);
}

/* Machine code runs on 32 KiB of the thread's stack; what needs more gets a larger one, once. */
static int search(const struct rx *rx, struct str s, pcre2_match_data *md)
{
    pcre2_match_context *mc = limits();
    int rc = try_with(rx, s, md, mc);
    if (rc == PCRE2_ERROR_JIT_STACKLIMIT) {
        pcre2_jit_stack *stack = or_die(pcre2_jit_stack_create(STACK_MIN, STACK_MAX, NULL));
        pcre2_jit_stack_assign(mc, NULL, stack);
        rc = try_with(rx, s, md, mc);
        pcre2_jit_stack_free(stack);
    }
    pcre2_match_context_free(mc);
    if (rc == PCRE2_ERROR_NOMEMORY)
        bug_out_of_memory(s.n);
    return rc;
}

static void groups_of(const struct rx *rx, struct str s, pcre2_match_data *md, struct rx_match *m)
{
    const size_t *at = pcre2_get_ovector_pointer(md);
    m->n = rx->groups + 1 < RX_GROUPS ? rx->groups + 1 : RX_GROUPS;
    for (size_t i = 0; i < m->n; i++, at += 2) {
        if (at[0] == PCRE2_UNSET)
            continue;
        /* \K inside a lookahead can put the start behind the end; str_sub makes that empty. */
        m->group[i] = str_sub(s.p ? s : STR(""), at[0], at[1]);
    }
}

enum rx_result rx_match(const struct rx *rx, struct str subject, struct rx_match *m)
{
    if (m)
        *m = (struct rx_match){0};
    if (subject.n > RX_SUBJECT_MAX)
        return RX_LIMIT;
    pcre2_match_data *md = or_die(pcre2_match_data_create(RX_GROUPS, NULL));
    int rc = search(rx, subject, md);
    if (rc >= 0 && m)
        groups_of(rx, subject, md, m);
    pcre2_match_data_free(md);
    return rc >= 0 ? RX_YES : rc == PCRE2_ERROR_NOMATCH ? RX_NO : RX_LIMIT;
}
