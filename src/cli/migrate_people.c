/*
 * git is asked who the user is, away from all repositories, so that none of them answers. Dates are
 * those of the commit that is read, unless the environment has others: the time of the run would
 * make every run's commits different.
 */
#include <stdlib.h>

#include "base/buf.h"
#include "cli/migrate.h"

static bool collect(void *ctx, struct str bytes)
{
    struct buf *b = ctx;
    buf_add(b, bytes);
    return b->n < 4096;
}

static const char *const *people_of_environment(struct arena *a)
{
    static const char *const names[] = {"GIT_AUTHOR_NAME",
                                        "GIT_AUTHOR_EMAIL",
                                        "GIT_AUTHOR_DATE",
                                        "GIT_COMMITTER_NAME",
                                        "GIT_COMMITTER_EMAIL",
                                        "GIT_COMMITTER_DATE",
                                        "EMAIL"};
    VEC(const char *) list = {0};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (value)
            *vec_push(a, &list) = str_fmt(a, "%s=%s", names[i], value).p;
    }
    *vec_push(a, &list) = NULL;
    return list.v;
}

/* "Name <mail> TIME ZONE" in its two parts. */
static bool ask(struct arena *a, const char *variable, struct str *who, struct str *date,
                const char **why)
{
    const char *args[] = {"var", variable, NULL};
    struct git_call call = {
        .git_dir = "/dev/null", .args = args, .environment = people_of_environment(a)};
    struct buf out = buf_in(a);
    struct git_end end = git_call(a, &call, collect, &out);
    struct str line = str_trim(buf_str(&out));
    ptrdiff_t mail = str_rchr(line, '>');
    *why = git_refusal(a, &end);
    if (!end.ran || end.code || mail < 0)
        return false;
    *who = str_sub(line, 0, (size_t)mail + 1);
    *date = str_trim(str_from(line, (size_t)mail + 1));
    return commit_is_person(*who);
}

static bool is_set(const char *variable)
{
    const char *value = getenv(variable);
    return value && *value;
}

bool migrate_people(struct migration *run)
{
    struct arena *a = run->cli->arena;
    const char *given = run->cli->options->migrate.author, *why = "";
    struct str author_date = STR(""), committer_date = STR("");
    if (given && !commit_is_person(str_of(given))) {
        cli_error(run->cli, "option '--author' takes 'Name <mail>', not '%s'", cli_quote(a, given));
        return false;
    }
    bool author = ask(a, "GIT_AUTHOR_IDENT", &run->author, &author_date, &why);
    bool committer = ask(a, "GIT_COMMITTER_IDENT", &run->committer, &committer_date, &why);
    if (author && is_set("GIT_AUTHOR_DATE"))
        run->author_date = author_date;
    if (committer && is_set("GIT_COMMITTER_DATE"))
        run->committer_date = committer_date;
    if (given)
        run->author = str_of(given);
    if (!committer)
        run->committer = run->author;
    if (given || author)
        return true;
    cli_error(run->cli,
              "whose commits are they? say --author 'Name <mail>' or tell git your user.name and "
              "user.email (%s)",
              why);
    return false;
}
