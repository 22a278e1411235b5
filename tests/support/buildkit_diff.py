#!/usr/bin/env python3
"""buildkit_diff.py UNROOT ANSWERS.jsonl DIR: compares `unroot parse` with BuildKit's own reading.

Each line of ANSWERS is BuildKit's answer for one file of DIR: instructions, or parseError, or instError
from its second layer. Prints how many agree; exits 1 when one does not."""
import json
import os
import subprocess
import sys

KEYS = ("cmd", "cmdRaw", "start", "end", "flags", "args", "json", "heredocs", "prevComment", "original", "sub")


def strip(node):
    out = {k: node[k] for k in KEYS if k in node}
    if "sub" in out:
        out["sub"] = strip(out["sub"])
        out["sub"].pop("start", None)
        out["sub"].pop("end", None)
    return out


def main():
    unroot, answers, folder = sys.argv[1:4]
    files = bad = 0
    for line in open(answers, encoding="utf-8"):
        want = json.loads(line)
        path = os.path.join(folder, os.path.basename(want["file"]))
        run = subprocess.run([unroot, "parse", path], capture_output=True, check=False)
        files += 1
        refused = run.returncode != 0
        why = None
        error = want.get("parseError") or want.get("instError")
        if error:
            # the second layer's errors are told by check; parse still prints the instructions
            check = subprocess.run([unroot, "check", path], capture_output=True, check=False)
            said = check.stderr.decode("utf-8", "replace")
            text = error["msg"].split(": ", 1)[-1].split(" (did you mean")[0]
            if check.returncode != 3:
                why = "accepted, but BuildKit says " + error["msg"]
            elif text not in said and text.isascii() and text.isprintable():
                why = f"other message: {said.strip()} / {error['msg']}"
        if why:
            pass
        elif "parseError" in want:
            why = None if refused else "parse accepts what BuildKit's parser refuses"
        elif refused:
            why = "refused: " + run.stderr.decode("utf-8", "replace").strip()
        else:
            got = json.loads(run.stdout)
            if got["escape"] != want["escape"]:
                why = "escape"
            elif len(got["instructions"]) != len(want["instructions"]):
                why = "number of instructions"
            for g, w in zip(got["instructions"], want["instructions"]):
                if strip(g) != strip(w):
                    why = f"\n  have {json.dumps(strip(g))[:600]}\n  want {json.dumps(strip(w))[:600]}"
                    break
        if why:
            bad += 1
            print(f"{path}: {why}")
    print(f"{files} files, {files - bad} agree, {bad} do not")
    return bad != 0


if __name__ == "__main__":
    sys.exit(main())
