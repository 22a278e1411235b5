/* The files of a commit as a build context. */
#include "git_fixture.h"

#include "migrate/tree.h"

struct opened {
    struct odb objects;
    struct tree tree;
    struct ur_context context;
};

/* `commit` names the tree: "main^{tree}". */
static void open_tree(struct fixture *f, struct opened *o, const char *repo, const char *commit,
                      const char *prefix)
{
    struct odb_object x;
    o->objects = odb_of(&f->arena, repo, 0);
    assert_true(odb_read(&o->objects, &f->arena, commit, 1 << 20, &x));
    assert_int_equal(x.kind, ODB_TREE);
    o->tree = tree_of(&f->arena, &o->objects, x.id);
    o->context = tree_context(&o->tree, &f->arena, prefix);
}

static void close_tree(struct opened *o)
{
    tree_release(&o->tree);
    odb_close(&o->objects);
}

static enum ur_entry look(struct opened *o, const char *path)
{
    unsigned mode;
    size_t size;
    return o->context.look(o->context.ctx, path, &mode, &size);
}

static void add_name(void *ctx, const char *name)
{
    buf_addf(ctx, "%s ", name);
}

static const char *names(struct fixture *f, struct opened *o, const char *path)
{
    struct buf b = buf_in(&f->arena);
    return o->context.list(o->context.ctx, path, add_name, &b) ? NULL : buf_str(&b).p;
}

static void make_repo(const char *more)
{
    char line[1024];
    snprintf(line, sizeof line,
             "git init -q -b main %s r && cd r && mkdir -p web/src && echo x >web/src/x && printf "
             "text >web/a && printf '#!/bin/sh' >web/run.sh && chmod 755 web/run.sh && chmod 600 "
             "web/a && ln -s a web/link && ln -s src web/folder && ln -s / web/out && git add . && "
             "git update-index --add --cacheinfo 160000,$(git hash-object a 2>/dev/null || printf "
             "%%0%dd 1),web/sub && git commit -qm one",
             more, *more ? 64 : 40);
    sh(line);
}

static void what_is_where(void **state)
{
    struct fixture *f = *state;
    struct opened o;
    unsigned mode;
    size_t size;
    make_repo("");
    open_tree(f, &o, "r/.git", "main^{tree}", "web/");
    assert_string_equal(o.context.prefix, "web/");
    assert_int_equal(look(&o, ""), UR_ENTRY_FOLDER);
    assert_int_equal(o.context.look(o.context.ctx, "a", &mode, &size), UR_ENTRY_FILE);
    assert_int_equal(mode, 0644);
    assert_int_equal(o.context.look(o.context.ctx, "run.sh", &mode, &size), UR_ENTRY_FILE);
    assert_int_equal(mode, 0755);
    assert_int_equal(look(&o, "link"), UR_ENTRY_LINK);
    assert_int_equal(look(&o, "folder/x"), UR_ENTRY_UNKNOWN); /* not followed */
    assert_int_equal(look(&o, "out/etc"), UR_ENTRY_UNKNOWN);
    assert_int_equal(look(&o, "a/b"), UR_ENTRY_UNKNOWN);
    assert_int_equal(look(&o, "nosuch"), UR_ENTRY_NONE);
    assert_int_equal(look(&o, "nosuch/x"), UR_ENTRY_NONE);
    assert_int_equal(look(&o, "src/x"), UR_ENTRY_FILE);
    assert_int_equal(look(&o, "sub"), UR_ENTRY_FOLDER);
    assert_int_equal(look(&o, "sub/x"), UR_ENTRY_UNKNOWN);
    assert_int_equal(look(&o, "../web/a"), UR_ENTRY_NONE);
    assert_string_equal(names(f, &o, ""), "a folder link out run.sh src sub ");
    assert_null(names(f, &o, "sub"));
    assert_null(names(f, &o, "folder"));
    assert_null(names(f, &o, "nosuch"));
    close_tree(&o);
}

static void bytes(void **state)
{
    struct fixture *f = *state;
    struct opened o;
    const char *p;
    size_t n;
    make_repo("");
    open_tree(f, &o, "r/.git", "main^{tree}", "");
    assert_int_equal(o.context.read(o.context.ctx, "web/a", 4, &p, &n), 0);
    assert_int_equal(n, 4);
    assert_memory_equal(p, "text", 4);
    assert_int_equal(o.context.read(o.context.ctx, "web/a", 3, &p, &n), -1);
    assert_int_equal(o.context.read(o.context.ctx, "web/link", 9, &p, &n), -1);
    assert_int_equal(o.context.read(o.context.ctx, "web", 9, &p, &n), -1);
    assert_int_equal(o.context.read(o.context.ctx, "web/sub", 9, &p, &n), -1);
    assert_string_equal(names(f, &o, ""), "web .git ");
    assert_int_equal(look(&o, ".git"), UR_ENTRY_FOLDER);
    assert_int_equal(look(&o, ".git/HEAD"), UR_ENTRY_UNKNOWN);
    close_tree(&o);
}

static void sha256(void **state)
{
    struct fixture *f = *state;
    struct opened o;
    const char *p;
    size_t n;
    make_repo("--object-format=sha256");
    open_tree(f, &o, "r/.git", "main^{tree}", "");
    assert_int_equal(o.context.read(o.context.ctx, "web/src/x", 9, &p, &n), 0);
    assert_memory_equal(p, "x\n", 2);
    close_tree(&o);
}

static void large_files_of_git_lfs(void **state)
{
    struct fixture *f = *state;
    struct opened o;
    struct str text;
    sh("git init -q -b main r && cd r && printf 'version https://git-lfs.github.com/spec/v1\\noid "
       "sha256:1\\nsize 1\\n' >a && git add . && git commit -qm one");
    open_tree(f, &o, "r/.git", "main^{tree}", "");
    assert_int_equal(look(&o, "a"), UR_ENTRY_FILE);
    assert_non_null(tree_read(&o.tree, &f->arena, STR("a"), 100000, &text));
    close_tree(&o);
}

static void found(void *ctx, struct str path, const struct tree_entry *e)
{
    buf_addf(ctx, "%.*s %o\n", STR_ARG(path), e->mode);
}

static void the_walk(void **state)
{
    struct fixture *f = *state;
    struct opened o;
    struct buf b = buf_in(&f->arena);
    make_repo("");
    open_tree(f, &o, "r/.git", "main^{tree}", "");
    assert_true(tree_walk(&o.tree, found, &b));
    assert_string_equal(buf_str(&b).p, "web/a 100644\nweb/folder 120000\nweb/link 120000\nweb/out "
                                       "120000\nweb/run.sh 100755\nweb/src/x 100644\nweb/sub "
                                       "160000\n");
    close_tree(&o);
}

/* Names that no checkout could make, an entry that is cut off, a mode that is none. */
static void hostile_trees(void **state)
{
    struct fixture *f = *state;
    struct opened o;
    struct buf b = buf_in(&f->arena);
    sh("git init -q --bare r && cd r && id=$(echo x | git hash-object -w --stdin) && "
       "python3 - $id >t <<'E'\n"
       "import sys\nraw = bytes.fromhex(sys.argv[1])\n"
       "names = [b'.', b'..', b'.git', b'.GIT', b'a/b', b'good', b'', b'x' * 300]\n"
       "out = b''.join(b'100664 ' + n + b'\\0' + raw for n in names)\n"
       "sys.stdout.buffer.write(out + b'999999 odd\\0' + raw + b'100644 after\\0' + raw)\nE\n"
       "git update-ref refs/tags/t $(git hash-object -w -t tree --literally t)");
    open_tree(f, &o, "r", "refs/tags/t", "");
    assert_true(tree_walk(&o.tree, found, &b));
    assert_string_equal(buf_str(&b).p, "good 100644\n");
    assert_string_equal(names(f, &o, ""), "good .git ");
    assert_int_equal(look(&o, ".."), UR_ENTRY_NONE);
    assert_int_equal(look(&o, "a/b"), UR_ENTRY_NONE);
    close_tree(&o);
}

static void a_folder_that_is_gone(void **state)
{
    struct fixture *f = *state;
    struct opened o;
    struct buf b = buf_in(&f->arena);
    make_repo("");
    sh("cd r && id=$(git rev-parse main:web/src) && rm -f .git/objects/$(echo $id | cut "
       "-c1-2)/$(echo $id | cut -c3-)");
    open_tree(f, &o, "r/.git", "main^{tree}", "");
    assert_int_equal(look(&o, "web/src"), UR_ENTRY_FOLDER);
    assert_int_equal(look(&o, "web/src/x"), UR_ENTRY_UNKNOWN);
    assert_null(names(f, &o, "web/src"));
    assert_false(tree_walk(&o.tree, found, &b));
    assert_non_null(o.tree.wrong);
    close_tree(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_where),          TEST(bytes),    TEST(sha256),
        TEST(large_files_of_git_lfs), TEST(the_walk), TEST(hostile_trees),
        TEST(a_folder_that_is_gone)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
