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


class Bench:
    def __init__(self, build):
        self.build = build
        self.reading = None

    def measure(self, command, cwd=None, runs=REPEAT):
        out = subprocess.run([str(self.build / "test/measure"), str(runs)] + command, cwd=cwd, check=True,
                             capture_output=True, text=True).stdout.split()
        names = ("wall", "cpu", "peak", "mean_wall", "mean_cpu", "status")
        return dict(zip(names, map(float, out)))

    def show(self, name, command, files=FILES, cwd=None, runs=REPEAT):
        r = self.measure(command, cwd, runs)
        ratio = f"{r['wall'] / self.reading:6.1f} x reading" if self.reading else ""
        odd = "" if r["status"] in (0, 1, 3) else f"  exit status {r['status']:.0f}"
        print(f"  {name:30} {files / r['wall']:9,.0f} files/s {r['wall']:8.3f} s {r['cpu']:8.3f} s CPU "
              f"{r['peak'] / 1024:7.1f} MiB {ratio}{odd}", flush=True)
        return r


def peers(bench, paths):
    commands = {
        "hadolint": ["hadolint", "--no-fail"],
        "dockerfmt": ["dockerfmt", "--check"],
        "tally": ["tally", "lint"],
        "dfc": ["dfc"],
    }
    for name, command in commands.items():
        if not shutil.which(name):
            print(f"  {name:30} not on PATH")
            continue
        some = [str(p) for p in paths[: 1 if name == "dfc" else PEER_FILES]]  # dfc takes one file
        bench.show(f"{name}, {len(some)} files", command + some, len(some), runs=1)


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    sources = inputs(sys.argv[2] if len(sys.argv) > 2 else None)
    unroot = str(build / "unroot")
    bench = Bench(build)
    with tempfile.TemporaryDirectory() as temp:
        root = pathlib.Path(temp) / "tree"
        root.mkdir()
        paths = make_tree(root, sources)
        listing = pathlib.Path(temp) / "list"
        listing.write_text("".join(f"{p}\n" for p in paths))
        size = sum(p.stat().st_size for p in paths)
        print(f"{FILES} files from {len(sources)} inputs, {size / FILES:,.0f} bytes each, "
              f"{len(os.sched_getaffinity(0))} processors, load {os.getloadavg()[0]:.1f}; the best of {REPEAT}")
        bench.reading = bench.show("a loop that reads them", [str(build / "test/readloop"), str(listing)])["wall"]
        bench.show("cat", ["xargs", "-a", str(listing), "cat"])
        for command in (["check"], ["diff"], ["diff", "--unsafe-fixes"], ["check", "--format", "json"]):
            for jobs in ("-j1", "-j2"):
                bench.show(" ".join(command + [jobs]), [unroot] + command + [jobs, "-q", "."], cwd=root)
        one = sorted(sources, key=lambda p: p.stat().st_size)[len(sources) // 2]
        r = bench.measure([unroot, "diff", "-q", str(one.resolve())], cwd=temp, runs=ONE_FILE_RUNS)
        print(f"  one file ({one.stat().st_size} bytes), start to end: {r['mean_cpu'] * 1000:.2f} ms CPU, "
              f"{r['mean_wall'] * 1000:.2f} ms wall, {r['peak'] / 1024:.1f} MiB; mean of {ONE_FILE_RUNS} runs")
        peers(bench, paths)


if __name__ == "__main__":
    main()
