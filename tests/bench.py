#!/usr/bin/env python3
"""bench.py BUILD [CORPUS]: how fast the program is, and beside it what reading the same bytes costs.

Makes a folder of 5,000 Dockerfiles from the golden inputs (or CORPUS/*.Dockerfile) in turn. Everything
is read once before, so that disks do not count. Prints numbers; asserts nothing."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

FILES, ONE_FILE_RUNS, PEER_FILES, REPEAT = 5000, 200, 500, 5


def inputs(corpus):
    if corpus:
        return sorted(pathlib.Path(corpus).glob("*.Dockerfile"))
    found = sorted(pathlib.Path("golden").glob("*/*/Dockerfile"))
    return found or [pathlib.Path("docs/sample/Dockerfile")]


def make_tree(root, sources):
    texts = [p.read_bytes() for p in sources]
    paths = []
    for i in range(FILES):
        folder = root / f"service-{i // 25:03d}"
        folder.mkdir(exist_ok=True)
        path = folder / f"{i:04d}.Dockerfile"
        path.write_bytes(texts[i % len(texts)])
        paths.append(path)
    return paths


def run(command, cwd=None):
    """(wall seconds, CPU seconds, peak KiB, exit status)"""
    begin = time.perf_counter()
    with open(os.devnull, "wb") as null:
        child = subprocess.Popen(command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=null, stderr=null)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    return time.perf_counter() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, child.returncode


def best(command, cwd=None, repeat=REPEAT):
    return min((run(command, cwd) for _ in range(repeat)), key=lambda r: r[0])


def show(name, result, files, reading=None):
    wall, cpu, peak, status = result
    ratio = f"{wall / reading:6.1f} x reading" if reading else ""
    print(f"  {name:34} {files / wall:9,.0f} files/s  {wall:7.3f} s  {cpu:7.3f} s CPU  {peak / 1024:6.1f} MiB  "
          f"{ratio}{'' if status in (0, 1, 3) else f'  exit status {status}'}")


def peers(paths):
    commands = {
        "hadolint": ["hadolint", "--no-fail"],
        "dockerfmt": ["dockerfmt", "--check"],
        "tally": ["tally", "lint"],
        "dfc": ["dfc"],
    }
    for name, command in commands.items():
        if not shutil.which(name):
            print(f"  {name:34} not on PATH")
            continue
        some = [str(p) for p in paths[:PEER_FILES]]
        if name == "dfc":  # takes one file
            some = some[:1]
        show(f"{name} ({len(some)} files)", best(command + some, repeat=1), len(some))


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    sources = inputs(sys.argv[2] if len(sys.argv) > 2 else None)
    unroot = str(build / "unroot")
    with tempfile.TemporaryDirectory() as temp:
        root = pathlib.Path(temp) / "tree"
        root.mkdir()
        paths = make_tree(root, sources)
        listing = pathlib.Path(temp) / "list"
        listing.write_text("".join(f"{p}\n" for p in paths))
        size = sum(p.stat().st_size for p in paths)
        print(f"{FILES} files from {len(sources)} inputs, {size / FILES:,.0f} bytes each, {len(os.sched_getaffinity(0))} processors")
        loop = best([str(build / "test/readloop"), str(listing)])
        show("a loop that reads them", loop, FILES)
        show("cat", best(["xargs", "-a", str(listing), "cat"]), FILES)
        for command in (["check"], ["diff"], ["diff", "--unsafe-fixes"], ["check", "--format", "json"]):
            for jobs in ("-j1", "-j2"):
                result = best([unroot] + command + [jobs, "-q", "."], cwd=root)
                show(" ".join(command + [jobs]), result, FILES, loop[0])
        one = sorted(sources, key=lambda p: p.stat().st_size)[len(sources) // 2]
        runs = [run([unroot, "diff", "-q", str(one.resolve())], cwd=temp) for _ in range(ONE_FILE_RUNS)]
        print(f"  one file ({one.stat().st_size} bytes), start to end: {sum(r[1] for r in runs) / len(runs) * 1000:.2f} ms CPU, "
              f"{sum(r[0] for r in runs) / len(runs) * 1000:.2f} ms wall, {max(r[2] for r in runs) / 1024:.1f} MiB, mean of {len(runs)}")
        peers(paths)


if __name__ == "__main__":
    main()
