/* A rule is off when an option says so, or a comment anywhere in the file. */
#include "engine/wanted.h"

#include "engine/options.h"
#include "kubernetes/rule.h"
#include "unit/suppress.h"

struct wishes {
    const struct settings *settings;
    bool *off; /* one a rule: a comment says so */
};

static bool is_wanted(void *ctx, const char *id)
{
    const struct wishes *w = ctx;
    const struct rule *r = rule_find(str_of(id));
    return r && !w->off[r - rules] && settings_selected(w->settings, id);
}

/* Most comments do not: they are many, and so are the rules. */
static bool may_say(struct str comment)
{
    return str_has(comment, "ignore") || str_has(comment, "skip") || str_has(comment, "nosem");
}

/* Comments of the file that switch rules off. */
static void read_comments(struct wishes *w, struct str source)
{
    struct str line;
    while (str_split(&source, '\n', &line)) {
        ptrdiff_t hash = str_chr(line, '#');
        if (hash < 0 || !may_say(str_from(line, (size_t)hash)))
            continue;
        for (size_t i = 0; i < rule_count; i++)
            if (!w->off[i])
                w->off[i] = suppress_says(str_from(line, (size_t)hash), rules[i].id, rules[i].refs);
    }
}

struct harden_options *wanted_options(struct ur_result *r)
{
    const struct settings *s = r->settings;
    struct wishes *w = arena_new(&r->arena, struct wishes);
    struct harden_options *o = arena_new(&r->arena, struct harden_options);
    *w = (struct wishes){s, arena_alloc(&r->arena, rule_count)};
    read_comments(w, r->source);
    *o = (struct harden_options){.level = s->pss,
                                 .unsafe = s->unsafe_fixes,
                                 .keep_root_writable = s->writable_root,
                                 .no_token = s->no_token,
                                 .keep_ports = s->keep_ports,
                                 .label = s->labels,
                                 .label_version = s->version,
                                 .wanted = is_wanted,
                                 .ctx = w};
    return o;
}
