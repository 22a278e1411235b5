#!/usr/bin/env python3
"""sarif_check.py LOG [--apply DIR]: is LOG a SARIF 2.1.0 log as unroot has to write it?

Checks what the standard demands of the objects that we use: required properties, types, values of
enumerations, unknown properties, unique items, URIs, indices into tables, regions. With --apply, makes all fixes of
the log in the files below DIR, as a viewer would. One line a complaint, exit status 1 when there are any."""
import json
import pathlib
import re
import sys
from urllib.parse import unquote, urlsplit

complaints = []


def complain(where, what):
    complaints.append(f"{where}: {what}")


# What each object may have: property -> (required, checker). A checker takes (value, where).
def text(value, where):
    if not isinstance(value, str):
        complain(where, "is no string")


def words(value, where):
    text(value, where)
    if isinstance(value, str) and not value.strip():
        complain(where, "is empty")


def boolean(value, where):
    if not isinstance(value, bool):
        complain(where, "is no boolean")


def positive(value, where):
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        complain(where, f"is no number from 1 on: {value!r}")


def index(value, where):
    if not isinstance(value, int) or isinstance(value, bool) or value < -1:
        complain(where, f"is no index: {value!r}")


def one_of(*values):
    def check(value, where):
        if value not in values:
            complain(where, f"{value!r} is none of {', '.join(values)}")
    return check


def matching(pattern):
    def check(value, where):
        text(value, where)
        if isinstance(value, str) and not re.fullmatch(pattern, value):
            complain(where, f"{value!r} does not look right")
    return check


def uri_reference(value, where):
    text(value, where)
    if not isinstance(value, str):
        return
    if not re.fullmatch(r"(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*", value):
        complain(where, f"{value!r} is no URI reference")
    elif not urlsplit(value).scheme and ":" in value.split("/")[0]:
        complain(where, f"{value!r}: a colon in the first segment")


def listed(check, least=0, unique=False):
    def check_list(value, where):
        if not isinstance(value, list):
            complain(where, "is no array")
            return
        if len(value) < least:
            complain(where, f"has fewer than {least} items")
        if unique and len({json.dumps(v, sort_keys=True) for v in value}) != len(value):
            complain(where, "has an item twice")
        for i, item in enumerate(value):
            check(item, f"{where}[{i}]")
    return check_list


def mapping(check):
    def check_map(value, where):
        if not isinstance(value, dict):
            complain(where, "is no object")
            return
        for key, item in value.items():
            check(item, f"{where}.{key}")
    return check_map


def thing(**properties):
    """A trailing underscore marks a required property."""
    known = {name.rstrip("_").replace("dollar", "$"): (name.endswith("_"), check) for name, check in properties.items()}

    def check_thing(value, where):
        if not isinstance(value, dict):
            complain(where, "is no object")
            return
        for name in value.keys() - known.keys():
            complain(where, f"has the unknown property '{name}'")
        for name, (required, check) in known.items():
            if name in value:
                check(value[name], f"{where}.{name}")
            elif required:
                complain(where, f"has no '{name}'")
    return check_thing


def bag(value, where):
    if not isinstance(value, dict):
        complain(where, "is no object")
    elif "tags" in value:
        listed(text, unique=True)(value["tags"], f"{where}.tags")


level = one_of("none", "note", "warning", "error")
message = thing(text_=words, markdown=words)
content = thing(text=text)
region_shape = thing(startLine=positive, startColumn=positive, endLine=positive, endColumn=positive)


def region(value, where):
    region_shape(value, where)
    if not isinstance(value, dict) or "startLine" not in value:
        complain(where, "has no startLine")
        return
    first, last = value["startLine"], value.get("endLine", value["startLine"])
    if last < first:
        complain(where, "ends before it begins")
    if last == first and "endColumn" in value and value["endColumn"] < value.get("startColumn", 1):
        complain(where, "ends before it begins")


location_of_file = thing(uri_=uri_reference, uriBaseId=text)
physical = thing(artifactLocation_=location_of_file, region=region)
location = thing(physicalLocation_=physical)
replacement = thing(deletedRegion_=region, insertedContent=content)
change = thing(artifactLocation_=location_of_file, replacements_=listed(replacement, 1))
fix = thing(description=message, artifactChanges_=listed(change, 1, True))
rule = thing(id_=words, shortDescription=message, fullDescription=message, help=message,
             defaultConfiguration=thing(level=level), properties=bag)
driver = thing(name_=words, semanticVersion=matching(r"\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?"),
               rules=listed(rule, 0, True))
result = thing(ruleId=words, ruleIndex=index, level=level, message_=message, locations=listed(location),
               partialFingerprints=mapping(words), fixes=listed(fix, 0, True), properties=bag)
run = thing(tool_=thing(driver_=driver), columnKind=one_of("utf16CodeUnits", "unicodeCodePoints"),
            originalUriBaseIds=mapping(thing(uri=uri_reference, description=message)), results=listed(result),
            invocations=listed(thing(executionSuccessful_=boolean), 0, True), properties=bag)
log = thing(dollarschema=uri_reference, version_=one_of("2.1.0"), runs_=listed(run))


def across(one, where):
    """What no object can be told alone."""
    rules = one["tool"]["driver"].get("rules", [])
    ids = [r["id"] for r in rules]
    if len(set(ids)) != len(ids):
        complain(where, "two rules have the same id")
    prints, bases = set(), one.get("originalUriBaseIds", {})
    for i, found in enumerate(one.get("results", [])):
        here = f"{where}.results[{i}]"
        at = found.get("ruleIndex", -1)
        if at >= len(rules) or (at >= 0 and ids[at] != found.get("ruleId")):
            complain(here, "ruleIndex is not that of ruleId")
        uris = [x["physicalLocation"]["artifactLocation"] for x in found.get("locations", [])]
        uris += [c["artifactLocation"] for f in found.get("fixes", []) for c in f["artifactChanges"]]
        for uri in uris:
            base = uri.get("uriBaseId")
            if base is not None and base not in bases:
                complain(here, f"the uriBaseId '{base}' is not declared")
            if base is not None and (urlsplit(uri["uri"]).scheme or uri["uri"].startswith("/")):
                complain(here, "an absolute URI has a uriBaseId")
        key = (uris[0]["uri"] if uris else "", json.dumps(found.get("partialFingerprints"), sort_keys=True))
        if key in prints:
            complain(here, "another result of the file has the same fingerprints")
        prints.add(key)


def offset(lines, line, column):
    """Of a place among lines with their ends; columns count code points. Python counts them, too."""
    begin = sum(len(x) for x in lines[:line - 1])
    mark = line == 1 and bool(lines) and lines[0].startswith("\ufeff")
    return begin + column - 1 + mark


def apply(document, root):
    todo = {}
    for one in document["runs"]:
        for found in one["results"]:
            for changes in (c for f in found.get("fixes", []) for c in f["artifactChanges"]):
                todo.setdefault(unquote(changes["artifactLocation"]["uri"], errors="surrogateescape"),
                                []).extend(changes["replacements"])
    for name, replacements in todo.items():
        path = pathlib.Path(root, name)
        source = path.read_bytes().decode("utf-8")
        lines = re.findall(r"[^\n]*\n|[^\n]+$", source) + [""]
        edits = []
        for r in replacements:
            old = r["deletedRegion"]
            edits.append((offset(lines, old["startLine"], old["startColumn"]),
                          offset(lines, old["endLine"], old["endColumn"]),
                          r.get("insertedContent", {}).get("text", "")))
        out, at = [], 0
        for first, last, new in edits:
            if first < at:
                complain(name, "replacements overlap, or are not in order")
                break
            out += [source[at:first], new]
            at = last
        path.write_bytes(("".join(out) + source[at:]).encode("utf-8"))


def main():
    try:
        document = json.loads(pathlib.Path(sys.argv[1]).read_bytes().decode("utf-8"))
    except ValueError as error:
        print(f"{sys.argv[1]}: {error}")
        return 1
    log(document, "log")
    if not complaints:
        for i, one in enumerate(document["runs"]):
            across(one, f"runs[{i}]")
    if not complaints and sys.argv[2:3] == ["--apply"]:
        apply(document, sys.argv[3])
    print("\n".join(complaints[:20]), end="\n" if complaints else "")
    return bool(complaints)


if __name__ == "__main__":
    sys.exit(main())
