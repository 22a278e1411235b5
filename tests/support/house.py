#!/usr/bin/env python3
"""house.py: the rules of the house, checked from the project's root.

Layers, sizes, names, banned functions, and that what belongs together is all there. Each rule is a
function that yields complaints; one line each, and exit status 1, when there are any."""
import pathlib
import re
import subprocess
import sys

LAYERS = (
    "base text dockerfile yaml context kubernetes server knowledge unit pass engine report repo cli"
).split()
# (file, included header): what may look down all the same, and why.
EXCEPTIONS = {
    ("src/engine/registry.h", "report/report.h"): "the table of reports is generated for the engine",
}
FILE_LINES, FUNCTION_LINES = 500, 80
BANNED = "strcpy strcat sprintf vsprintf gets strtok system popen tmpnam mktemp atoi".split()
HOSTS = (r"registry\.npmjs\.org registry\.yarnpkg\.com pypi\.org pythonhosted\.org rubygems\.org crates\.io "
         r"proxy\.golang\.org repo1?\.maven\.org deb\.debian\.org archive\.ubuntu\.com "
         r"dl-cdn\.alpinelinux\.org packagist\.org").split()
MACHINE = [r"/work/(main|shared|\.)", r"/tmp/help\b", r"/root/\.cache/unroot"]

ROOT = pathlib.Path(".")
C_FILES = sorted(ROOT.glob("src/*/*.[ch]"))


def text_of(path):
    return path.read_text(encoding="utf-8", errors="replace")


def plain_code(text):
    """C without comments and strings, line for line."""
    token = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
    return token.sub(lambda m: '""' + "\n" * m.group().count("\n"), text)


def include_direction():
    used = set()
    for path in C_FILES:
        layer = path.parts[1]
        if layer not in LAYERS:
            yield f"{path}: no such layer"
            continue
        for number, line in enumerate(text_of(path).split("\n"), 1):
            found = re.match(r'#include "([^"]+)"', line)
            if not found or found.group(1) == "unroot.h":
                continue
            key = (str(path), found.group(1))
            to = found.group(1).split("/")[0]
            if to not in LAYERS:
                yield f"{path}:{number}: includes {found.group(1)}, which is not written from src/"
            elif LAYERS.index(to) > LAYERS.index(layer):
                used.add(key)
                if key not in EXCEPTIONS:
                    yield f"{path}:{number}: {layer} must not include {found.group(1)}"
    for key in EXCEPTIONS.keys() - used:
        yield f"house.py: the exception {' -> '.join(key)} is not needed any more"


def functions(text):
    """(name, first line, lines) of each function; a body stands between '{' and '}' at the margin."""
    lines = text.split("\n")
    i = 0
    while i < len(lines):
        if lines[i] == "{" and i and lines[i - 1].rstrip().endswith(")"):
            first = i - 1
            while first and lines[first][:1] in (" ", "\t"):
                first -= 1
            last = lines.index("}", i)
            name = re.search(r"(\w+)\(", lines[first])
            yield name.group(1) if name else "?", first + 1, last - first + 1
            i = last
        i += 1


def sizes():
    tests = sorted(p for p in ROOT.glob("tests/**/*.[ch]"))
    for path in C_FILES + tests:
        text = text_of(path)
        count = text.count("\n")
        if count > FILE_LINES and path in C_FILES:
            yield f"{path}: {count} lines, more than {FILE_LINES}"
        for name, first, lines in functions(text):
            if lines > FUNCTION_LINES:
                yield f"{path}:{first}: {name}() has {lines} lines, more than {FUNCTION_LINES}"


def opening_paragraph():
    for path in C_FILES:
        if not text_of(path).startswith("/*") and text_of(path).count("\n") > 60:
            yield f"{path}: does not open with a paragraph on how it thinks"


def banned_functions():
    word = re.compile(r"(?<![\w.>])(%s)\s*\(" % "|".join(BANNED))
    for path in C_FILES + sorted(ROOT.glob("include/*.h")):
        for number, line in enumerate(plain_code(text_of(path)).split("\n"), 1):
            for found in word.finditer(line):
                yield f"{path}:{number}: {found.group(1)}() is banned"


def tracked_files():
    out = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], capture_output=True, check=False)
    if out.returncode == 0:
        names = out.stdout.decode("utf-8", "surrogateescape").split("\0")
        return [pathlib.Path(n) for n in names if n]
    return [p for p in ROOT.rglob("*") if ".git" not in p.parts and p.parts[0] != "build"]


def foreign_names():
    pattern = re.compile("|".join(MACHINE + HOSTS))
    for path in tracked_files():
        if path.name == "house.py" or not path.is_file() or path.is_symlink():
            continue
        for number, line in enumerate(text_of(path).split("\n"), 1):
            found = pattern.search(line)
            if found:
                yield f"{path}:{number}: names {found.group()}"


def pass_ids():
    ids = {}
    for path in sorted(ROOT.glob("src/pass/*.c")):
        found = re.findall(r'\.id = "([^"]+)"', text_of(path))
        if len(found) != 1:
            yield f"{path}: {len(found)} pass ids"
            continue
        if found[0] != path.stem.replace("_", "-"):
            yield f"{path}: the id '{found[0]}' is not the file's name"
        if found[0] in ids:
            yield f"{path}: the id '{found[0]}' is that of {ids[found[0]]}, too"
        ids[found[0]] = path
        if not list(ROOT.glob(f"golden/{found[0]}/*/Dockerfile")):
            yield f"{path}: there is no case in golden/{found[0]}/"
    for rule in re.findall(r'\.id = "([^"]+)"', text_of(ROOT / "src/kubernetes/rule.c")):
        ids[rule] = ROOT / "src/kubernetes/rule.c"
        if not [*ROOT.glob(f"golden/{rule}/*/manifest.yaml"), *ROOT.glob(f"golden/{rule}/*/compose.yaml")]:
            yield f"src/kubernetes/rule.c: there is no case in golden/{rule}/"
    for folder in sorted(ROOT.glob("golden/*/")):
        if folder.name not in ids and folder.name not in ("lexical", "gate", "suppress", "yaml", "workloads"):
            yield f"{folder}: no pass has this id"


def names_in_template(path, key):
    found = re.search(r"^%s: *\[(.*?)\]" % key, text_of(path), re.M | re.S)
    return [n.strip().strip("'\"") for n in found.group(1).split(",")] if found else []


def literals(text):
    return re.findall(r'"([a-z]+(?:-[a-z]+)*)"', text)


def arguments(text, at):
    """The text between the '(' in front of `at` and its ')'."""
    depth, end = 1, at
    while depth and end < len(text):
        depth += {"(": 1, ")": -1}.get(text[end], 0)
        end += 1
    return text[at:end - 1]


def codes_in_c(text):
    """String literals in places where a reason code stands."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    for found in re.finditer(r"\b(?:reason|left|refusal_reason)\s*=(?!=)([^;]*);", text):
        yield from literals(found.group(1))
    for found in re.finditer(r"\b(?:obstacle_refuse|obstacle_review|refuse|review|answer|fail|result_fail|harden_may|"
                             r"harden_cannot|leave)\(", text):
        yield from literals(arguments(text, found.end()))


def reason_codes():
    defined, used = {}, {}
    for path in sorted(ROOT.glob("templates/reasons/*.yaml")):
        codes = names_in_template(path, "reasons")
        if codes != [path.stem]:
            yield f"{path}: 'reasons:' is {codes}, not [{path.stem}]"
        for code in codes:
            if code in defined:
                yield f"{path}: '{code}' is defined in {defined[code]}, too"
            defined[code] = path
    rules = set(re.findall(r'\.id = "([^"]+)"', text_of(ROOT / "src/kubernetes/rule.c")))
    for path in sorted(ROOT.glob("src/*/*.c")):
        for code in codes_in_c(text_of(path)):
            if code not in rules:
                used.setdefault(code, path)
    for path in sorted(ROOT.glob("templates/programs/*.yaml")):
        for code in re.findall(r"^reason: *([\w-]+)", text_of(path), re.M):
            used.setdefault(code, path)
    for code in sorted(used.keys() - defined.keys()):
        yield f"{used[code]}: there is no templates/reasons/{code}.yaml"
    for code in sorted(defined.keys() - used.keys()):
        yield f"{defined[code]}: nothing gives the reason '{code}'"


def shell_scripts():
    """sh -n; the language of the project's scripts is POSIX sh, .ci/run is bash. Those in golden/ are inputs."""
    for path in tracked_files():
        if path.parts[0] == "golden":
            continue
        shell = "bash" if str(path) == ".ci/run" else "sh" if path.suffix == ".sh" else None
        if not shell or not path.is_file():
            continue
        run = subprocess.run([shell, "-n", str(path)], capture_output=True, check=False)
        if run.returncode:
            yield run.stderr.decode("utf-8", "replace").strip()


def main():
    bad = 0
    rules = [include_direction, sizes, opening_paragraph, banned_functions, foreign_names, pass_ids, reason_codes,
             shell_scripts]
    for rule in rules:
        complaints = list(rule())
        for line in complaints:
            print(line)
        bad += len(complaints)
        print(f"{'not ok' if complaints else 'ok'} {rules.index(rule) + 1} - {rule.__name__}")
    lengths = sorted(n for p in C_FILES for _, _, n in functions(text_of(p)))
    if lengths:
        print(f"# {len(C_FILES)} files, {len(lengths)} functions: median {lengths[len(lengths) // 2]} lines, "
              f"90 % up to {lengths[len(lengths) * 9 // 10]}, longest {lengths[-1]}")
    return bad != 0


if __name__ == "__main__":
    sys.exit(main())
