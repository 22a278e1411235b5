/* Reading refuses what is no regular file, and says what it is. */
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "tests/unit/io_fixture.h"

static void assert_refused(struct fixture *f, const char *path, enum io_status status,
                           const char *message)
{
    struct io_file out;
    struct io_error e = read_it(f, path, &out);
    assert_string_equal(e.message, message);
    assert_int_equal(e.status, status);
}

static void reads_bytes(void **state)
{
    struct fixture *f = *state;
    struct io_file out;
    FILE *file = fopen("a", "w");
    fwrite("x\0\r\n\xff", 1, 5, file);
    fclose(file);
    struct io_error e = read_it(f, "a", &out);
    assert_null(e.message);
    assert_int_equal(e.status, IO_OK);
    assert_int_equal(out.bytes.n, 5);
    assert_memory_equal(out.bytes.p, "x\0\r\n\xff", 5);
    put("empty", "");
    assert_null(read_it(f, "empty", &out).message);
    assert_int_equal(out.bytes.n, 0);
}

static void reads_up_to_the_cap(void **state)
{
    struct fixture *f = *state;
    struct io_file out;
    put("cap", "");
    assert_int_equal(truncate("cap", CAP), 0);
    assert_null(read_it(f, "cap", &out).message);
    assert_int_equal(out.bytes.n, CAP);
    assert_int_equal(truncate("cap", CAP + 1), 0);
    assert_refused(f, "cap", IO_TOO_BIG, "cannot read 'cap': larger than 65536 bytes");
    assert_int_equal(truncate("cap", 100 << 20), 0);
    struct io_error e = io_read(&f->arena, io_path_of("cap"), 16 << 20, &out);
    assert_string_equal(e.message, "cannot read 'cap': larger than 16 MiB");
}

/* Files of /proc have no size and content all the same. */
static void reads_a_file_without_size(void **state)
{
    struct fixture *f = *state;
    struct io_file out;
    assert_null(read_it(f, "/proc/self/status", &out).message);
    assert_true(out.bytes.n > 100);
    struct io_error e = io_read(&f->arena, io_path_of("/proc/self/status"), 100, &out);
    assert_int_equal(e.status, IO_TOO_BIG);
}

static void refuses_what_is_no_file(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(mkdir("d", 0777), 0);
    assert_int_equal(mkfifo("fifo", 0666), 0);
    put("real", "x");
    assert_int_equal(symlink("real", "link"), 0);
    assert_int_equal(symlink("loop", "loop"), 0);
    assert_refused(f, "nosuch", IO_MISSING, "cannot read 'nosuch': No such file or directory");
    assert_refused(f, "d", IO_NOT_REGULAR, "cannot read 'd': is a directory");
    assert_refused(f, "d/", IO_NOT_REGULAR, "cannot read 'd/': is a directory");
    assert_refused(f, "fifo", IO_NOT_REGULAR, "cannot read 'fifo': is a named pipe");
    assert_refused(f, "link", IO_NOT_REGULAR,
                   "cannot read 'link': is a symbolic link, and links are not followed");
    assert_refused(f, "loop", IO_NOT_REGULAR,
                   "cannot read 'loop': is a symbolic link, and links are not followed");
    assert_refused(f, "/dev/zero", IO_NOT_REGULAR, "cannot read '/dev/zero': is a device");
    assert_refused(f, "real/x", IO_MISSING,
                   "cannot read 'real/x': a part of the path is not a directory");
}

static void refuses_a_socket(void **state)
{
    struct fixture *f = *state;
    struct sockaddr_un name = {.sun_family = AF_UNIX, .sun_path = "socket"};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&name, sizeof name), 0);
    assert_refused(f, "socket", IO_NOT_REGULAR, "cannot read 'socket': is a socket");
    close(fd);
}

static void messages_are_safe(void **state)
{
    struct fixture *f = *state;
    assert_refused(f, "a\x1b[31m\n", IO_MISSING,
                   "cannot read 'a?[31m?': No such file or directory");
}

static void links_count_only_behind_the_trusted_part(void **state)
{
    struct fixture *f = *state;
    struct io_file out;
    assert_int_equal(mkdir("real", 0777), 0);
    assert_int_equal(mkdir("real/sub", 0777), 0);
    put("real/sub/a", "x");
    assert_int_equal(symlink("real", "link"), 0);
    assert_null(read_it(f, "link/sub/a", &out).message);
    struct io_path inside = {"link/sub/a", 0};
    assert_int_equal(io_read(&f->arena, inside, CAP, &out).status, IO_MISSING);
    inside.trusted = strlen("link");
    assert_null(io_read(&f->arena, inside, CAP, &out).message);
    inside.trusted = strlen("link/");
    assert_null(io_read(&f->arena, inside, CAP, &out).message);
    struct io_path plain = {"real/sub/a", 0};
    assert_null(io_read(&f->arena, plain, CAP, &out).message);
}

static void reads_a_descriptor(void **state)
{
    struct fixture *f = *state;
    struct str got;
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    assert_int_equal(write(fds[1], "abc", 3), 3);
    close(fds[1]);
    assert_null(io_read_fd(&f->arena, fds[0], "-", CAP, &got).message);
    assert_true(str_is(got, "abc"));
    close(fds[0]);
    int zero = open("/dev/zero", O_RDONLY);
    struct io_error e = io_read_fd(&f->arena, zero, "-", CAP, &got);
    close(zero);
    assert_string_equal(e.message, "cannot read '-': larger than 65536 bytes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reads_bytes),
        TEST(reads_up_to_the_cap),
        TEST(reads_a_file_without_size),
        TEST(refuses_what_is_no_file),
        TEST(refuses_a_socket),
        TEST(messages_are_safe),
        TEST(links_count_only_behind_the_trusted_part),
        TEST(reads_a_descriptor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
