/*
 * Servers that keep data, logs and pid files in paths of their own. Where the base image is made
 * for one, its facts tell which paths those are; anywhere else nobody knows.
 */
#include "unit/walk.h"
#include "unit/webconf.h"

/* Is it the program that the base image is made for, so that the image facts tell what it writes?
 */
static bool is_base_program(const struct walk *w, struct str name)
{
    const struct facts *f = unit_facts(w->o->unit, w->o->stage);
    if (!f || f->starts != FACTS_STARTS_SERVICE)
        return false;
    return (f->cmd.n && str_eq(str_basename(f->cmd.v[0]), name)) ||
           (f->entrypoint.n && str_eq(str_basename(f->entrypoint.v[0]), name));
}

/* php.ini is for the workers, which php-fpm starts as www-data in any case: what they write to is
 * theirs already. */
static bool is_of_workers(struct str program, struct str dest)
{
    return str_starts(program, STR("php-fpm")) && stage_inside(dest, STR("/usr/local/etc/php"));
}

/* Does the file bring configuration of its own, which may name other paths? */
static bool brings_configuration(const struct stage *s, struct str program)
{
    for (; s; s = s->parent)
        VEC_EACH (step, &s->steps)
            if ((step->item->node.cmd == DF_COPY || step->item->node.cmd == DF_ADD) &&
                (!step->dest.known || stage_inside(step->dest.path, STR("/etc")) ||
                 str_has(step->dest.path, "/etc/") || str_has(step->dest.path, "conf")) &&
                !(step->dest.known && is_of_workers(program, step->dest.path)))
                return true;
    return false;
}

/* The configuration that the file brings is in the context, and names no other paths. */
static bool is_read(const struct walk *w, struct str name)
{
    const struct webconf *conf = webconf_read(w->o->unit, w->o->stage);
    return conf->image != WEBCONF_NONE && webconf_is_program(conf, name) &&
           !webconf_unwritable(conf, false);
}

/* busybox's httpd keeps no log and no pid file. */
bool walk_is_busybox_httpd(const struct walk *w, const struct shell_word *words, size_t n)
{
    const struct facts *f = unit_facts(w->o->unit, w->o->stage);
    bool foreground = false, port = false;
    if (!f || (f->family != FACTS_ALPINE && f->family != FACTS_BUSYBOX) ||
        f->starts == FACTS_STARTS_SERVICE || !str_is(str_basename(words[0].value), "httpd"))
        return false;
    for (size_t i = 1; i < n; i++) {
        foreground |= str_starts(words[i].value, STR("-f"));
        port |= str_starts(words[i].value, STR("-p")) || str_is(words[i].value, "-fp");
    }
    return foreground && port;
}

void walk_service(struct walk *w, const struct program *p, struct str name)
{
    const struct facts *f = unit_facts(w->o->unit, w->o->stage);
    if (is_base_program(w, name)) {
        w->o->base_program = true;
        if (f->start_as == FACTS_AS_ANY &&
            (!brings_configuration(w->o->stage, name) || is_read(w, name)))
            return; /* the image facts say what it writes */
        obstacle_review(w->o, "service-paths", w->at, p->assumption, "starts '%s', which %.*s",
                        walk_text(w, name), STR_ARG(p->message));
    } else {
        obstacle_refuse(w->o, "service-paths", w->at,
                        "starts '%s', which %.*s, and which those are is not shown here",
                        walk_text(w, name), STR_ARG(p->message));
    }
}
