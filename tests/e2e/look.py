"""Looks at a running container from a second one that shares its network and its process table.

Usage: look.py PORT SECONDS QUESTION...       (PORT 0: nothing listens)

  get PATH        ask http://127.0.0.1:PORT/PATH, waiting for the port
  write PATH      may PID 1's user create a file in this directory, or append to this file?
  read PATH       may PID 1's user read this file or list this directory?

Prints one line a question, then what runs as whom. It needs no program of the other container: the
file questions are asked by a child that enters that container's root and takes PID 1's user. It must
itself run as root, with SYS_PTRACE, or the kernel does not let it through /proc/1/root. Where the root is
read-only, "may" is what owners and modes say.
"""
import ctypes
import errno
import http.client
import os
import sys
import time


def status(pid):
    """The fields of /proc/PID/status; None when the process has just ended."""
    try:
        return read_status(pid)
    except (FileNotFoundError, ProcessLookupError):
        return None


def read_status(pid):
    with open("/proc/%s/status" % pid) as f:
        pairs = (line.rstrip("\n").split(":", 1) for line in f)
        return {key: value.split() for key, value in pairs}


def get(port, path, deadline):
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read(4000).decode("utf-8", "replace")
            return "%d %s" % (answer.status, " ".join(body.split()))
        except (OSError, http.client.HTTPException) as error:
            if time.monotonic() > deadline:
                return "none %s" % error
            time.sleep(0.1)


LIBC = ctypes.CDLL(None, use_errno=True)


def try_write(path):
    """The kernel refuses a read-only file system last when it is only asked, first when it is done."""
    try:
        really_write(path)
    except OSError as error:
        if error.errno != errno.EROFS:
            raise
        if LIBC.access(os.fsencode(path), os.W_OK) and ctypes.get_errno() != errno.EROFS:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno())) from error


def really_write(path):
    if os.path.isdir(path):
        path = os.path.join(path, ".unroot-e2e")
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        os.unlink(path)
    else:
        os.close(os.open(path, os.O_WRONLY | os.O_APPEND))


def try_read(path):
    if os.path.isdir(path):
        os.listdir(path)
    else:
        os.close(os.open(path, os.O_RDONLY))


def as_them(action, path):
    """What `action` says when PID 1's user does it: "yes", or the error's name."""
    them = status(1)
    back, forth = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.chroot("/proc/1/root")
            os.chdir("/")
            os.setgroups([int(g) for g in them["Groups"]])
            os.setresgid(*[int(g) for g in them["Gid"][:3]])
            os.setresuid(*[int(u) for u in them["Uid"][:3]])
            action(path)
            said = "yes"
        except OSError as error:
            said = "no %s" % error.strerror
        os.write(forth, said.encode())
        os._exit(0)
    os.close(forth)
    os.waitpid(child, 0)
    with os.fdopen(back) as pipe:
        return pipe.read()


def main():
    port, seconds = int(sys.argv[1]), float(sys.argv[2])
    deadline = time.monotonic() + seconds
    questions = sys.argv[3:]
    for verb, path in zip(questions[::2], questions[1::2]):
        if verb == "get":
            said = get(port, path, deadline)
        else:
            said = as_them(try_write if verb == "write" else try_read, path)
        print(verb, path, said)
    first = status(1)
    print("pid1", first["Uid"][1], first["Gid"][1], "caps", first["CapEff"][0])
    for pid in sorted(int(p) for p in os.listdir("/proc") if p.isdigit()):
        them = status(pid) if pid != os.getpid() else None
        if them:
            print("process", pid, them["Name"][0], "uids", *them["Uid"])


main()
