/*
 * Replacing leaves the old file or the new one, whatever fails; the exhaustive part needs a build
 * with -DUR_FAULTS.
 */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <sys/xattr.h>

#include "base/sys.h"
#include "base/temp.h"
#include "tests/unit/io_fixture.h"

static void assert_content(const char *path, const char *want)
{
    char got[256] = {0};
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t n = fread(got, 1, sizeof got - 1, file);
    fclose(file);
    got[n] = 0;
    assert_string_equal(got, want);
}

static size_t entries(const char *path)
{
    size_t n = 0;
    DIR *d = opendir(path);
    assert_non_null(d);
    while (readdir(d))
        n++;
    closedir(d);
    return n - 2;
}

static struct io_file old_of(struct fixture *f, const char *path)
{
    struct io_file old;
    assert_null(read_it(f, path, &old).message);
    return old;
}

static struct io_error replace(struct fixture *f, const char *path, const struct io_file *old,
                               const char *text, unsigned *notes)
{
    unsigned ignored;
    return io_replace(&f->arena, io_path_of(path), old, str_of(text), notes ? notes : &ignored);
}

static void replaces_and_keeps_mode_and_owner(void **state)
{
    struct fixture *f = *state;
    unsigned notes;
    struct stat st;
    put("a", "old");
    assert_int_equal(chmod("a", 0640), 0);
    if (geteuid() == 0)
        assert_int_equal(chown("a", 1234, 4321), 0);
    struct io_file old = old_of(f, "a");
    assert_null(replace(f, "a", &old, "the new content", &notes).message);
    assert_content("a", "the new content");
    assert_int_equal(notes, 0);
    assert_int_equal(stat("a", &st), 0);
    assert_int_equal(st.st_mode & 07777, 0640);
    assert_int_equal(st.st_uid, old.st.st_uid);
    assert_int_equal(st.st_gid, old.st.st_gid);
    assert_int_equal(entries("."), 1);
}

static void replaces_by_nothing(void **state)
{
    struct fixture *f = *state;
    put("a", "old");
    struct io_file old = old_of(f, "a");
    assert_null(replace(f, "a", &old, "", NULL).message);
    assert_content("a", "");
}

static void keeps_attributes(void **state)
{
    struct fixture *f = *state;
    char value[8];
    put("a", "old");
    if (setxattr("a", "user.origin", "here", 4, 0))
        skip();
    struct io_file old = old_of(f, "a");
    assert_null(replace(f, "a", &old, "new", NULL).message);
    assert_int_equal(getxattr("a", "user.origin", value, sizeof value), 4);
    assert_memory_equal(value, "here", 4);
}

/* Version 2 of the kernel's format: tag, permissions, id; little-endian. user::rw- user:7:r--
 * group::r-- mask::r-- other::--- */
static const unsigned char acl[] = {2, 0, 0,   0,   1,   0,   6,  0, 255, 255, 255, 255, 2,   0,  4,
                                    0, 7, 0,   0,   0,   4,   0,  4, 0,   255, 255, 255, 255, 16, 0,
                                    4, 0, 255, 255, 255, 255, 32, 0, 0,   0,   255, 255, 255, 255};

static void keeps_the_acl(void **state)
{
    struct fixture *f = *state;
    unsigned char value[64];
    put("a", "old");
    if (setxattr("a", "system.posix_acl_access", acl, sizeof acl, 0))
        skip();
    struct io_file old = old_of(f, "a");
    assert_null(replace(f, "a", &old, "new", NULL).message);
    assert_int_equal(getxattr("a", "system.posix_acl_access", value, sizeof value), sizeof acl);
    assert_memory_equal(value, acl, sizeof acl);
}

/* A default ACL of the directory would give user 7 a right that the old file did not give. */
static void takes_no_acl_from_the_directory(void **state)
{
    struct fixture *f = *state;
    put("a", "old");
    if (setxattr(".", "system.posix_acl_default", acl, sizeof acl, 0))
        skip();
    struct io_file old = old_of(f, "a");
    assert_null(replace(f, "a", &old, "new", NULL).message);
    assert_int_equal(getxattr("a", "system.posix_acl_access", NULL, 0), -1);
    struct stat st;
    assert_int_equal(stat("a", &st), 0);
    assert_int_equal(st.st_mode, old.st.st_mode);
}

static void breaks_a_hard_link_and_says_so(void **state)
{
    struct fixture *f = *state;
    unsigned notes;
    put("a", "old");
    assert_int_equal(link("a", "b"), 0);
    struct io_file a = old_of(f, "a"), b = old_of(f, "b");
    assert_null(replace(f, "a", &a, "new", &notes).message);
    assert_int_equal(notes, IO_NOTE_LINKS);
    assert_content("a", "new");
    assert_content("b", "old");
    /* The other name was read before; losing its twin is no change of it. */
    assert_null(replace(f, "b", &b, "newer", &notes).message);
    assert_content("b", "newer");
}

static void assert_changed(struct fixture *f, const struct io_file *old, const char *want,
                           size_t files)
{
    struct io_error e = replace(f, "a", old, "new", NULL);
    assert_int_equal(e.status, IO_CHANGED);
    assert_non_null(strstr(e.message, "cannot rewrite 'a': it was"));
    if (want)
        assert_content("a", want);
    assert_int_equal(entries("."), files);
}

static void refuses_a_file_that_changed(void **state)
{
    struct fixture *f = *state;
    struct timespec times[2];
    put("a", "old");
    struct io_file old = old_of(f, "a");
    put("a", "OLD");
    assert_changed(f, &old, "OLD", 1);

    /* Same size, same time: only the bytes tell. */
    old = old_of(f, "a");
    times[0] = times[1] = old.st.st_mtim;
    put("a", "oLD");
    assert_int_equal(utimensat(AT_FDCWD, "a", times, 0), 0);
    assert_changed(f, &old, "oLD", 1);

    /* Same bytes, same time, but another file. */
    old = old_of(f, "a");
    put("c", "oLD");
    times[0] = times[1] = old.st.st_mtim;
    assert_int_equal(utimensat(AT_FDCWD, "c", times, 0), 0);
    assert_int_equal(rename("c", "a"), 0);
    assert_changed(f, &old, "oLD", 1);

    old = old_of(f, "a");
    assert_int_equal(chmod("a", 0600), 0);
    assert_changed(f, &old, "oLD", 1);

    old = old_of(f, "a");
    assert_int_equal(unlink("a"), 0);
    assert_changed(f, &old, NULL, 0);
}

static void refuses_what_became_no_file(void **state)
{
    struct fixture *f = *state;
    put("a", "old");
    struct io_file old = old_of(f, "a");
    assert_int_equal(rename("a", "b"), 0);
    assert_int_equal(symlink("b", "a"), 0);
    assert_changed(f, &old, "old", 2);
    assert_int_equal(unlink("a"), 0);
    assert_int_equal(mkfifo("a", 0666), 0);
    assert_changed(f, &old, NULL, 2);
    assert_int_equal(unlink("a"), 0);
    assert_int_equal(mkdir("a", 0777), 0);
    assert_changed(f, &old, NULL, 2);
}

static void refuses_a_linked_folder(void **state)
{
    struct fixture *f = *state;
    unsigned notes;
    assert_int_equal(mkdir("d", 0777), 0);
    put("d/a", "old");
    struct io_path path = {"d/a", 0};
    struct io_file old;
    assert_null(io_read(&f->arena, path, CAP, &old).message);
    assert_int_equal(rename("d", "e"), 0);
    assert_int_equal(symlink("e", "d"), 0);
    struct io_error e = io_replace(&f->arena, path, &old, STR("new"), &notes);
    assert_non_null(e.message);
    assert_content("e/a", "old");
    assert_int_equal(entries("e"), 1);
}

/* As an ordinary user: a file marked read-only, one of somebody else, a folder that is closed. */
static int as_nobody(struct fixture *f)
{
    struct io_file mine = old_of(f, "mine"), theirs = old_of(f, "theirs"),
                   closed = old_of(f, "closed/a");
    if (setegid(65534) || seteuid(65534))
        return 1;
    struct io_error e = replace(f, "mine", &mine, "new", NULL);
    if (!e.message || !strstr(e.message, "Permission denied"))
        return 2;
    e = replace(f, "theirs", &theirs, "new", NULL);
    if (!e.message || !strstr(e.message, "cannot keep its owner 1234:1234"))
        return 3;
    e = replace(f, "closed/a", &closed, "new", NULL);
    if (!e.message || !strstr(e.message, "cannot make a file beside it: Permission denied"))
        return 4;
    return 0;
}

static void respects_permissions(void **state)
{
    struct fixture *f = *state;
    int status;
    if (geteuid() != 0)
        skip();
    assert_int_equal(chown(".", 65534, 65534), 0);
    put("mine", "old");
    assert_int_equal(chmod("mine", 0444), 0);
    assert_int_equal(chown("mine", 65534, 65534), 0);
    put("theirs", "old");
    assert_int_equal(chmod("theirs", 0666), 0);
    assert_int_equal(chown("theirs", 1234, 1234), 0);
    assert_int_equal(mkdir("closed", 0755), 0);
    put("closed/a", "old");
    assert_int_equal(chmod("closed/a", 0666), 0);
    fflush(NULL);
    pid_t child = fork();
    if (child == 0)
        _exit(as_nobody(f));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_content("mine", "old");
    assert_content("theirs", "old");
    assert_content("closed/a", "old");
    assert_int_equal(entries("."), 3);
    assert_int_equal(entries("closed"), 1);
}

/* ---- temporary files ---- */

static void signal_removes_the_temporary_file(void **state)
{
    (void)state;
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < 3; i++) {
        int status;
        fflush(NULL);
        pid_t child = fork();
        if (child == 0) {
            struct temp one, two;
            int dir = open(".", O_PATH | O_DIRECTORY);
            signal(signals[i], SIG_DFL);
            temp_catch_signals();
            if (temp_open(&one, dir, 0600) || temp_open(&two, dir, 0600) ||
                temp_write(&one, "x", 1))
                _exit(1);
            raise(signals[i]);
            _exit(2);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), signals[i]);
        assert_int_equal(entries("."), 0);
    }
}

static void ignored_signal_stays_ignored(void **state)
{
    (void)state;
    int status;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        signal(SIGHUP, SIG_IGN);
        temp_catch_signals();
        raise(SIGHUP);
        _exit(7);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 7);
}

static void temp_follows_the_umask(void **state)
{
    (void)state;
    struct temp t;
    struct stat st;
    int dir = open(".", O_PATH | O_DIRECTORY);
    mode_t before = umask(027);
    assert_int_equal(temp_open(&t, dir, 0666), 0);
    umask(before);
    assert_int_equal(temp_write(&t, "hello", 5), 0);
    assert_int_equal(temp_finish(&t), 0);
    assert_int_equal(temp_commit(&t, "out"), 0);
    assert_content("out", "hello");
    assert_int_equal(stat("out", &st), 0);
    assert_int_equal(st.st_mode & 07777, 0640);
    assert_int_equal(temp_open(&t, dir, 0666), 0);
    temp_discard(&t);
    assert_int_equal(entries("."), 1);
    close(dir);
}

/* ---- faults ---- */

#ifdef UR_FAULTS

/* Fails the n-th call of a replacement for n = 1, 2, … until none fails. Returns that n. */
static unsigned fail_each(struct fixture *f, int error)
{
    for (unsigned n = 1;; n++) {
        put("a", "old");
        struct io_file old = old_of(f, "a");
        sys_fault_at(n, error);
        struct io_error e = replace(f, "a", &old, "new", NULL);
        bool hit = sys_fault_hit();
        sys_fault_at(0, 0);
        assert_int_equal(entries("."), 1);
        if (!e.message || strstr(e.message, "written, but"))
            assert_content("a", "new");
        else
            assert_content("a", "old");
        if (!hit)
            return n;
        assert_true(n < 100);
    }
}

static void every_call_fails_once(void **state)
{
    static const int errors[] = {EIO, ENOSPC, EINTR, EACCES, SYS_SHORT};
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
        assert_in_range(fail_each(*state, errors[i]), 15, 99);
}

static void short_writes_are_continued(void **state)
{
    struct fixture *f = *state;
    put("a", "old");
    struct io_file old = old_of(f, "a");
    sys_fault_all("write", SYS_SHORT);
    struct io_error e = replace(f, "a", &old, "a longer new content", NULL);
    sys_fault_all(NULL, 0);
    assert_null(e.message);
    assert_content("a", "a longer new content");
}

static void full_disk_says_so(void **state)
{
    struct fixture *f = *state;
    put("a", "old");
    struct io_file old = old_of(f, "a");
    sys_fault_all("write", ENOSPC);
    struct io_error e = replace(f, "a", &old, "new", NULL);
    sys_fault_all(NULL, 0);
    assert_string_equal(e.message, "cannot rewrite 'a': cannot write the new content: "
                                   "No space left on device");
    assert_content("a", "old");
}

static void count_fsync(void *ctx, const char *call)
{
    if (strcmp(call, "fsync") == 0)
        ++*(size_t *)ctx;
}

/* Both the file and the folder are put on the disk; when the file can't be, nothing is replaced. */
static void all_is_synced(void **state)
{
    struct fixture *f = *state;
    size_t synced = 0;
    put("a", "old");
    struct io_file old = old_of(f, "a");
    sys_fault_all("fsync", EIO);
    struct io_error e = replace(f, "a", &old, "new", NULL);
    sys_fault_all(NULL, 0);
    assert_non_null(strstr(e.message, "cannot write the new content: Input/output error"));
    assert_content("a", "old");
    sys_fault_hook(count_fsync, &synced);
    assert_null(replace(f, "a", &old, "new", NULL).message);
    sys_fault_hook(NULL, NULL);
    assert_int_equal(synced, 2);
}

static void edit_meanwhile(void *ctx, const char *call)
{
    if (strcmp(call, "recheck") == 0)
        put("a", ctx);
}

/* Somebody writes between our first look and the rename. */
static void late_change_is_seen(void **state)
{
    struct fixture *f = *state;
    static char others[] = "others";
    put("a", "old");
    struct io_file old = old_of(f, "a");
    sys_fault_hook(edit_meanwhile, others);
    struct io_error e = replace(f, "a", &old, "new", NULL);
    sys_fault_hook(NULL, NULL);
    assert_int_equal(e.status, IO_CHANGED);
    assert_content("a", "others");
    assert_int_equal(entries("."), 1);
}

static void every_read_call_fails_once(void **state)
{
    struct fixture *f = *state;
    put("a", "old");
    for (unsigned n = 1; n < 20; n++) {
        struct io_file out;
        sys_fault_at(n, EIO);
        struct io_error e = read_it(f, "a", &out);
        bool hit = sys_fault_hit();
        sys_fault_at(0, 0);
        if (!hit) {
            assert_null(e.message);
            assert_in_range(n, 4, 10);
            return;
        }
        assert_non_null(strstr(e.message, "Input/output error"));
    }
    fail();
}

#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(replaces_and_keeps_mode_and_owner),
        TEST(replaces_by_nothing),
        TEST(keeps_attributes),
        TEST(keeps_the_acl),
        TEST(takes_no_acl_from_the_directory),
        TEST(breaks_a_hard_link_and_says_so),
        TEST(refuses_a_file_that_changed),
        TEST(refuses_what_became_no_file),
        TEST(refuses_a_linked_folder),
        TEST(respects_permissions),
        TEST(signal_removes_the_temporary_file),
        TEST(ignored_signal_stays_ignored),
        TEST(temp_follows_the_umask),
#ifdef UR_FAULTS
        TEST(every_call_fails_once),
        TEST(short_writes_are_continued),
        TEST(full_disk_says_so),
        TEST(all_is_synced),
        TEST(late_change_is_seen),
        TEST(every_read_call_fails_once),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
