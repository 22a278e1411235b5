#!/usr/bin/env python3
"""fleet.py UNROOT N KILLS [SEED]: migrates N repositories that it makes, and looks at what came of it.

Bare ones and work trees, with histories, odd names and hostile content, a broken, an empty and a huge one. Each branch
must be what `unroot diff` prints for a checkout; a second run must do nothing; a run that is killed KILLS times must
end with the same branches and the same report as one that is not. UNROOT_KEEP=DIR keeps the repositories there."""
import hashlib
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BRANCH = "unroot/harden"
NOW = 1_700_000_000
ENV = dict(os.environ, LC_ALL="C.UTF-8", GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_NOSYSTEM="1", GIT_AUTHOR_NAME="A U Thor",
           GIT_AUTHOR_EMAIL="a@example.com", GIT_COMMITTER_NAME="C O Mitter", GIT_COMMITTER_EMAIL="c@example.com")
for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "NO_COLOR"):
    ENV.pop(name, None)
NODE = b'FROM node:24\nWORKDIR /app\nCOPY . .\nCMD ["node", "server.js"]\n'
DONE = b'FROM node:24\nWORKDIR /app\nUSER 1000:1000\nCMD ["node", "server.js"]\n'
LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12345\n"
ODD_NAMES = ["with blank", "with 'quotes\"", "ünïcödé", "new\nline", "-dash", "a;b&c", "$(touch pwned)", "%s%n", "..x", "tab\there"]
ODD_PATHS = [b"a b/Dockerfile", b"q\"uote/Dockerfile", "ü/Dockerfile".encode(), b"new\nline/Dockerfile", b"\xff\xfe/Dockerfile",
             b"-x/Dockerfile", b"back\\slash/Dockerfile", b"tab\t/Dockerfile", b"From x/Dockerfile", b"diff -x/Dockerfile"]


# Files of the applications, not of ours.
OWN_NAMES = ("Cargo.lock", "yarn.lock", "poetry.lock", "Gemfile.lock", "Pipfile.lock", "composer.lock", "uv.lock")


def git(where, *args, data=None, ok=(0,), env=ENV):
    run = subprocess.run(["git", "-C", os.fsencode(where), *args], input=data, capture_output=True, env=env, check=False)
    if run.returncode not in ok:
        raise RuntimeError(f"git {args} in {where}: {run.stderr.decode(errors='replace')}")
    return run.stdout


# ---- making repositories

def quote(path):
    return b'"' + b"".join(b"\\%03o" % c if c < 33 or c > 126 or c in b'"\\' else bytes([c]) for c in path) + b'"'


def fill(repo, commits, branch="main", links=(), modules=()):
    """Imports a list of {path: bytes} as a history."""
    out = [b"feature done\n"]
    for n, files in enumerate(commits):
        out.append(b"commit refs/heads/%s\ncommitter D <d@example.com> %d +0100\ndata 6\ncommit\n" % (branch.encode(), NOW + n))
        out.append(b"deleteall\n")
        for path, content in files.items():
            mode = b"100755" if path.endswith(b".sh") else b"100644"
            out.append(b"M %s inline %s\ndata %d\n%s\n" % (mode, quote(path), len(content), content))
        for path, target in links:
            out.append(b"M 120000 inline %s\ndata %d\n%s\n" % (quote(path), len(target), target))
        for path, commit in modules:
            out.append(b"M 160000 %s %s\n" % (commit, quote(path)))
    out.append(b"done\n")
    git(repo, "-c", "core.precomposeunicode=false", "fast-import", "--quiet", "--done", data=b"".join(out))


def golden_cases():
    """(Dockerfile, {path: bytes}) of the project's own examples."""
    cases = []
    for dockerfile in sorted(ROOT.glob("golden/*/*/Dockerfile")):
        files = {}
        context = dockerfile.parent / "context"
        for path in sorted(context.rglob("*")) if context.is_dir() else []:
            if path.is_file() and not path.is_symlink():
                files[os.fsencode(path.relative_to(context))] = path.read_bytes()
        cases.append((dockerfile.read_bytes(), files))
    return cases


def some_files(rng, cases):
    files = {b"README.md": b"x\n", b"server.js": b"//\n"}
    for k in range(rng.choice([0, 1, 1, 1, 2, 4])):
        folder = rng.choice([b"", b"app/", b"services/%d/" % k, b"deep/er/and/deeper/%d/" % k])
        dockerfile, context = rng.choice(cases)
        for path, content in context.items():
            files.setdefault(folder + path, content)
        files[folder + rng.choice([b"Dockerfile", b"Dockerfile", b"Containerfile", b"api.Dockerfile"])] = dockerfile
    if rng.random() < 0.2:
        files[b"web/Dockerfile"] = NODE
        files[b"web/server.js"] = b"//\n"
    if rng.random() < 0.1:
        files[b".unroot.yaml"] = rng.choice([b"unsafe-fixes: true\n", b"uid: 4242\ncreate-user: true\n", b"ignore: web/**\n"])
    if rng.random() < 0.1:
        files[b"compose.yaml"] = b"services:\n  web:\n    build: ./web\n    ports: ['80:80']\n"
    return files


def history(rng, cases):
    files, commits = some_files(rng, cases), []
    for n in range(rng.choice([1, 2, 5])):
        commits.append({**files, b"log.txt": b"%d\n" % n})
    return commits


def plain(rng, cases, path):
    sha = ["--object-format=sha256"] if rng.random() < 0.1 else []
    bare = rng.random() < 0.6
    git(path.parent, "init", "-q", "-b", rng.choice(["main", "trunk"]), *(["--bare"] if bare else []), *sha, "--", path.name)
    branch = git(path, "symbolic-ref", "--short", "HEAD").decode().strip()
    fill(path, history(rng, cases), branch)
    if not bare:
        git(path, "reset", "-q", "--hard")
    if rng.random() < 0.3:
        git(path, "branch", "other")


def odd_paths(rng, cases, path):
    git(path.parent, "init", "-q", "-b", "main", "--bare", "--", path.name)
    fill(path, [{p: rng.choice([NODE, DONE]) for p in ODD_PATHS}])


def hostile(rng, cases, path):
    """Names that no checkout makes, links that lead out, submodules, files of git-lfs, and a configuration full of traps."""
    git(path.parent, "init", "-q", "-b", "main", "--bare", "--", path.name)
    fill(path, [{b"ok/Dockerfile": NODE, b"ok/server.js": b"//\n", b"lfs/Dockerfile": LFS, b"big/server.js": LFS,
                 b"big/Dockerfile": NODE, b".gitattributes": b"* filter=evil diff=evil\n", b"t/Dockerfile.j2": NODE,
                 b"t/Dockerfile.tmpl": NODE}],
         links=[(b"link/Dockerfile", b"/etc/passwd"), (b"out", b"../../.."), (b"ok/self", b".")],
         modules=[(b"sub", b"1" * 40)])
    blob = git(path, "hash-object", "-w", "--stdin", data=NODE).decode().strip()
    tree = git(path, "rev-parse", "main^{tree}").decode().strip()
    entries = [(b"%s " % mode, name, bytes.fromhex(blob)) for mode, name in
               ((b"100644", b".."), (b"100644", b".git"), (b"100644", b"a/Dockerfile"))]
    for line in git(path, "ls-tree", "-z", tree).decode().strip("\0").split("\0"):
        mode, _, rest = line.partition(" ")
        entries.append((mode.lstrip("0").encode() + b" ", line.partition("\t")[2].encode(), bytes.fromhex(rest.split()[1])))
    entries.sort(key=lambda e: e[1] + (b"/" if e[0].startswith(b"4") else b""))
    raw = b"".join(mode + name + b"\0" + commit for mode, name, commit in entries)
    tree = git(path, "hash-object", "-w", "-t", "tree", "--literally", "--stdin", data=raw).decode().strip()
    commit = git(path, "commit-tree", "-m", "hostile", tree, "-p", "main",
                 env=dict(ENV, GIT_AUTHOR_DATE=f"{NOW} +0000", GIT_COMMITTER_DATE=f"{NOW} +0000")).decode().strip()
    git(path, "update-ref", "refs/heads/main", commit)
    traps(path)


def traps(path):
    """Everything by which a repository could have git run a program: each would leave a file behind."""
    hooks = path / "hooks" if (path / "HEAD").exists() else path / ".git/hooks"
    hooks.mkdir(exist_ok=True)
    trap = f"touch '{path.parent.resolve()}/TRAP'; false"
    for hook in ("reference-transaction", "pre-commit", "post-commit", "post-checkout", "pre-push", "post-update", "post-rewrite"):
        (hooks / hook).write_text(f"#!/bin/sh\n{trap}\n")
        (hooks / hook).chmod(0o755)
    for key in ("core.fsmonitor", "core.sshCommand", "core.pager", "core.editor", "gpg.program", "filter.evil.clean",
                "filter.evil.smudge", "filter.evil.process", "diff.evil.textconv", "diff.evil.command", "diff.external",
                "core.alternateRefsCommand", "credential.helper", "uploadpack.packObjectsHook"):
        git(path, "config", key, trap)
    git(path, "config", "commit.gpgSign", "true")
    git(path, "config", "i18n.commitEncoding", "UTF-16")
    git(path, "config", "fastimport.unpackLimit", "1000")


def trapped_tree(rng, cases, path):
    git(path.parent, "init", "-q", "-b", "main", "--", path.name)
    fill(path, [{b"Dockerfile": NODE, b"server.js": b"//\n", b".gitattributes": b"*.js filter=evil\n"}])
    git(path, "reset", "-q", "--hard")
    traps(path)


def broken(rng, cases, path):
    plain(rng, cases, path)
    store = path / "objects" if (path / "objects").exists() else path / ".git/objects"
    for file in store.rglob("*"):
        if file.is_file():
            file.chmod(0o644)
            file.write_bytes(file.read_bytes()[:-30])


def no_head(rng, cases, path):
    plain(rng, cases, path)
    git(path, "symbolic-ref", "HEAD", "refs/heads/nowhere")


def empty(rng, cases, path):
    git(path.parent, "init", "-q", "-b", "main", "--bare", "--", path.name)


def no_repository(rng, cases, path):
    path.mkdir()
    (path / "Dockerfile").write_bytes(NODE)


def huge(rng, cases, path, folders=300):
    git(path.parent, "init", "-q", "-b", "main", "--bare", "--", path.name)
    files = {}
    for n in range(folders):
        files[b"s/%d/Dockerfile" % n] = NODE if n % 3 else DONE
        for k in range(10):
            files[b"s/%d/src/%d.js" % (n, k)] = b"// %d\n" % k
    files[b"s/0/video.bin"] = bytes(8 << 20)
    fill(path, [files])


def linked(rng, cases, path):
    """A work tree of another repository, on another branch than its default one."""
    main = path.parent / (path.name + ".main")
    git(path.parent, "init", "-q", "-b", "main", "--", main.name)
    fill(main, history(rng, cases))
    git(main, "reset", "-q", "--hard")
    git(main, "worktree", "add", "-q", "-b", "topic", path.resolve())
    (path / "Dockerfile").write_bytes(NODE)
    git(path, "add", "Dockerfile")
    git(path, "commit", "-qm", "x", env=dict(ENV, GIT_AUTHOR_DATE=f"{NOW} +0000", GIT_COMMITTER_DATE=f"{NOW} +0000"))


def partial(rng, cases, path):
    full = path.parent / (path.name + ".full")
    git(path.parent, "init", "-q", "-b", "main", "--bare", "--", full.name)
    fill(full, [{b"Dockerfile": NODE, b"server.js": b"//\n", b"big.bin": bytes(100000)}])
    git(full, "config", "uploadpack.allowFilter", "true")
    git(path.parent, "clone", "-q", "--bare", "--filter=blob:limit=1k", "file://" + str(full.resolve()), "./" + path.name)


def no_blobs(rng, cases, path):
    """A partial clone that has not the Dockerfile: nothing is fetched behind the user's back."""
    full = path.parent / (path.name + ".full")
    git(path.parent, "init", "-q", "-b", "main", "--bare", "--", full.name)
    fill(full, [{b"Dockerfile": NODE, b"server.js": b"//\n"}])
    git(full, "config", "uploadpack.allowFilter", "true")
    git(path.parent, "clone", "-q", "--bare", "--filter=blob:none", "file://" + str(full.resolve()), "./" + path.name)


def taken(rng, cases, path):
    """The branch is there and somebody else's."""
    git(path.parent, "init", "-q", "-b", "main", "--bare", "--", path.name)
    fill(path, [{b"Dockerfile": NODE, b"server.js": b"//\n"}])
    fill(path, [{b"other": b"x\n"}], branch=BRANCH)


SPECIAL = [odd_paths, hostile, trapped_tree, broken, no_head, empty, no_repository, huge, linked, partial, no_blobs, taken]
FAILING = {"broken", "no_head", "no_repository", "taken"}


def make_fleet(where, n, seed):
    """The names of n repositories: those that are special, then plain ones, some with odd names."""
    rng, cases, names = random.Random(seed), golden_cases(), []
    where.mkdir()
    for k in range(n):
        make = SPECIAL[k] if k < len(SPECIAL) else plain
        name = make.__name__ if k < len(SPECIAL) else "r%04d" % k
        if make is plain and k - len(SPECIAL) < len(ODD_NAMES):
            name = ODD_NAMES[k - len(SPECIAL)]
        make(rng, cases, where / name)
        names.append(name)
    (where / "LIST").write_bytes(b"".join(os.fsencode("./" + n) + b"\0" for n in names))
    return names


# ---- running

def command(unroot, *more):
    return [unroot, "migrate", "--repos", "LIST", "-0", "--state", "STATE", "--report", "R.jsonl", "--report", "R.html", "--report", "R.sarif", "--patch-dir", "PATCHES",
            "--no-progress", *more]


def migrate(unroot, where, *more):
    begin = time.monotonic()
    run = subprocess.run(command(unroot, *more), cwd=where, env=ENV, capture_output=True, check=False)
    if run.returncode not in (0, 3):
        raise RuntimeError(f"exit status {run.returncode}: {run.stderr.decode(errors='replace')}")
    return run, time.monotonic() - begin


def records(where):
    return [json.loads(line) for line in (where / "R.jsonl").read_bytes().splitlines()]


def reports(where):
    return b"".join((where / name).read_bytes() for name in ("R.jsonl", "R.html", "R.sarif"))


def refs(where, names):
    out = {}
    for name in names:
        run = subprocess.run(["git", "-C", where / name, "for-each-ref"], env=ENV, capture_output=True, check=False)
        out[name] = run.stdout
    return out


def left_overs(where):
    bad = []
    for folder, _, files in os.walk(where):
        for file in files:
            if (file.endswith((".lock", ".part", ".tmp")) and file not in OWN_NAMES) or file.startswith(("tmp_", "fast_import_crash")) or file == "TRAP":
                bad.append(os.path.join(folder, file))
    return bad


class Checks:
    """TAP on standard output."""

    def __init__(self):
        self.n, self.failed = 0, 0

    def __call__(self, title, problems):
        self.n += 1
        problems = list(problems)
        self.failed += bool(problems)
        print(f"{'not ok' if problems else 'ok'} {self.n} - {title}", flush=True)
        for line in problems[:20]:
            print("#", line)


# ---- looking

def check_status(found, names):
    kinds = {r["repository"]: r["status"] for r in found}
    if len(kinds) != len(names):
        yield f"{len(kinds)} records of {len(names)}"
    for name in names:
        status = kinds.get(name)
        if (status == "error") != (name in FAILING):
            yield f"{name}: {status}"
    for name, want in (("empty", "empty"), ("no_blobs", "refused"), ("huge", "hardened"), ("hostile", "hardened")):
        if name in kinds and kinds[name] != want:
            yield f"{name}: {kinds[name]}, not {want}"


def checkout(where, name, to):
    """A clone with the commit that was read; with its odd bytes as they are."""
    git(where, "clone", "-q", "-n", "--no-tags", "-c", "core.autocrlf=false", "-c", "core.protectNTFS=false", "--", "./" + name, str(to))


def check_one(unroot, where, record, scratch):
    name, base = record["repository"], record["commit"]
    tip = git(where / name, "rev-parse", "--verify", "-q", "refs/heads/" + BRANCH, ok=(0, 1)).decode().strip()
    if record["status"] != "hardened":
        if tip and name != "taken":
            yield f"{name}: is {record['status']} and has a branch"
        return
    if tip != record["to_commit"]:
        yield f"{name}: the branch is at {tip}, not {record['to_commit']}"
    if git(where / name, "rev-parse", tip + "~1").decode().strip() != base:
        yield f"{name}: its parent is another"
    checkout(where, name, scratch)
    git(scratch, "checkout", "-q", base)
    run = subprocess.run([unroot, "diff", "-q"], cwd=scratch, env=ENV, capture_output=True, check=False)
    patch = (where / "PATCHES" / record["patch_file"]).read_bytes()
    if patch.partition(b"---\n\n")[2].rpartition(b"-- \n")[0] != run.stdout:
        yield f"{name}: the patch is not what unroot diff prints"
    git(scratch, "apply", "--index", "--whitespace=nowarn", "-", data=run.stdout)
    if git(scratch, "write-tree") != git(where / name, "rev-parse", tip + "^{tree}"):
        yield f"{name}: the branch is not what unroot diff prints"
    git(scratch, "reset", "-q", "--hard")
    git(scratch, "am", "-q", "--keep-cr", "--whitespace=nowarn", data=patch)
    if git(scratch, "rev-parse", "HEAD^{tree}") != git(where / name, "rev-parse", tip + "^{tree}"):
        yield f"{name}: git am of the patch gives another tree"
    if git(scratch, "-c", "i18n.logOutputEncoding=UTF-8", "log", "-1", "--format=%an %ae%n%B") != git(where / name, "-c", "i18n.logOutputEncoding=UTF-8", "log", "-1", "--format=%an %ae%n%B", tip):
        yield f"{name}: git am of the patch gives another message"


def check_branches(unroot, where, found):
    for record in found:
        if record["status"] in ("error", "empty", "none") or record["repository"] in ("hostile", "no_blobs", "partial"):
            continue
        scratch = where.parent / "scratch"
        yield from check_one(unroot, where, record, scratch)
        shutil.rmtree(scratch, ignore_errors=True)


def check_fsck(where, names):
    for name in names:
        if name in ("broken", "no_repository", "hostile", "no_head"):
            continue
        run = subprocess.run(["git", "-C", where / name, "-c", "core.fsmonitor=false", "fsck", "--strict"], env=ENV, capture_output=True, check=False)
        text = run.stdout + run.stderr
        if run.returncode or b"error" in text or (b"dangling" in text and name != "taken"):
            yield f"{name}: {text.decode(errors='replace')}"


def check_hostile(where, found):
    record = next((r for r in found if r["repository"] == "hostile"), None)
    if not record:
        return
    changed = git(where / "hostile", "diff-tree", "-r", "--name-only", record["commit"], record["to_commit"]).split()
    if changed != [b"big/Dockerfile", b"ok/Dockerfile"]:
        yield f"hostile: {changed}"
    skipped = {s["path"]: s["why"] for s in record["skipped"]}
    if set(skipped) != {"link/Dockerfile", "lfs/Dockerfile", "sub", "t/Dockerfile.j2", "t/Dockerfile.tmpl"}:
        yield f"hostile: skipped {skipped}"


def check_killed(unroot, where, kills, rng, seconds):
    """Kills the run again and again, with all its children, then lets it end."""
    for _ in range(kills):
        run = subprocess.Popen(command(unroot, "-q"), cwd=where, env=ENV, stderr=subprocess.DEVNULL, start_new_session=True)
        try:
            run.wait(rng.uniform(0, 2 * seconds / kills))
        except subprocess.TimeoutExpired:
            pass
        (os.killpg if rng.random() < 0.7 else os.kill)(run.pid, signal.SIGKILL) if run.poll() is None else None
        run.wait()
    return migrate(unroot, where)[1]


def digest(report):
    return hashlib.sha256(report).hexdigest()[:12]


def main():
    unroot, n, kills = os.path.realpath(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    seed = int(sys.argv[4]) if len(sys.argv) > 4 else random.randrange(10**6)
    home = pathlib.Path(os.environ.get("UNROOT_KEEP") or tempfile.mkdtemp(prefix="unroot-fleet-"))
    home.mkdir(exist_ok=True)
    check, rng = Checks(), random.Random(seed)
    print(f"# {n} repositories, {kills} kills, seed {seed}, in {home}")
    names = make_fleet(home / "one", n, seed)
    two = home / "two"
    make_fleet(two, n, seed)
    before = refs(home / "one", names)
    run, seconds = migrate(unroot, home / "one")
    found = records(home / "one")
    files = sum(r["counts"]["files"] for r in found)
    print(f"# {seconds:.2f} s, {n / seconds:.0f} repositories/s, {files / seconds:.0f} files/s")
    check("every repository has its record", check_status(found, names))
    after = refs(home / "one", names)
    check("no other branch was touched", (f"{k}" for k in names if before[k] != b"".join(
        line for line in after[k].splitlines(True) if k == "taken" or not line.endswith(b"refs/heads/unroot/harden\n"))))
    check("each branch is what unroot diff prints, and so is each patch", check_branches(unroot, home / "one", found))
    check("hostile content is left alone", check_hostile(home / "one", found))
    check("git fsck is content", check_fsck(home / "one", names))
    check("nothing is left behind, and no trap went off", left_overs(home / "one"))
    report = reports(home / "one")
    again, seconds_again = migrate(unroot, home / "one")
    check("a second run does nothing", [again.stderr.decode(errors="replace")] if
          report != reports(home / "one") or refs(home / "one", names) != after or
          b"  %d done now" % len(FAILING & set(names)) not in again.stderr else [])
    print(f"# second run: {seconds_again:.2f} s")
    check_killed(unroot, two, kills, rng, seconds)
    other = reports(two)
    check(f"killed {kills} times, it gives the same report", [] if other == report else [f"{digest(other)} {digest(report)}"])
    check("and the same branches", (k for k, v in refs(two, names).items() if v != after[k]))
    check("git fsck is content there, too", check_fsck(two, names))
    check("and nothing is left behind", left_overs(two))
    if not os.environ.get("UNROOT_KEEP"):
        shutil.rmtree(home)
    return check.failed != 0


if __name__ == "__main__":
    sys.exit(main())
