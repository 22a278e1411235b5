#include "verify/args.h"

#include <stdarg.h>

void args_add(struct args *x, ...)
{
    va_list ap;
    const char *word;
    va_start(ap, x);
    while ((word = va_arg(ap, const char *)))
        *vec_push(x->arena, &x->list) = word;
    va_end(ap);
}

void args_number(struct args *x, const char *front, unsigned long long n)
{
    args_add(x, str_fmt(x->arena, "%s%llu", front, n).p, NULL);
}

void args_all(struct args *x, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        *vec_push(x->arena, &x->list) = words[i];
}

const char *const *args_done(struct args *x)
{
    *vec_push(x->arena, &x->list) = NULL;
    x->list.n--;
    return x->list.v;
}
