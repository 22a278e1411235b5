/*
 * readloop FILE: opens, reads and closes each file that a line of FILE names: what any program that
 * looks at these files must do at least. Prints how many bytes there were.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    static char line[4096], bytes[1 << 16];
    size_t files = 0, total = 0;
    FILE *list = argc == 2 ? fopen(argv[1], "r") : NULL;
    if (!list)
        return 1;
    while (fgets(line, sizeof line, list)) {
        line[strcspn(line, "\n")] = '\0';
        int fd = open(line, O_RDONLY | O_CLOEXEC);
        if (fd < 0)
            return 1;
        for (ssize_t n; (n = read(fd, bytes, sizeof bytes)) > 0;)
            total += (size_t)n;
        close(fd);
        files++;
    }
    fclose(list);
    printf("%zu files, %zu bytes\n", files, total);
    return files == 0;
}
