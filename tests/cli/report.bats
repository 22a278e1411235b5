#!/usr/bin/env bats
# Reports: what each format promises to whoever reads it, and files that are there whole or not at all.
load helper

formats='github gitlab html json markdown pull-request sarif'

# Names that try to get out of where they are written.
hostile() {
    node $'a,b:c%d\n::error::x/Dockerfile'
    node '<script>alert(1)</script><!--/Dockerfile'
    node '`x` [y](http://z) @somebody #1 |/Dockerfile'
    node $'bytes-\xff\xfe/Dockerfile'
    node 'c:d/quote"\Dockerfile/Dockerfile'
    mkdir broken
    printf 'FROM node:24\nhttp://z@y instruction\n' >broken/Dockerfile
    ln -s nowhere link.Dockerfile
    printf 'FROM node:24\nUSER http://z@y\nCMD ["node", "a.js"]\n' >refused.Dockerfile
    printf 'FROM nginx:1.27\nCOPY ``` /usr/share/nginx/html/\n' >ticks.Dockerfile
}

sarif_check() {
    python3 "$BATS_TEST_DIRNAME/../support/sarif_check.py" "$@" || fail 'not as SARIF has it'
}

@test "SARIF is valid, whatever the files are called and hold" {
    hostile
    u check --format sarif --unsafe-fixes
    is_status 3
    printf '%s\n' "$output" >"$BATS_TEST_TMPDIR/log"
    sarif_check "$BATS_TEST_TMPDIR/log"
    printf '%s\n' "$output" | jq -e '.runs[0] | (.results | length) > 8 and
        .invocations[0].executionSuccessful == false and .properties.errors >= 1 and
        ([.results[].locations[0].physicalLocation.artifactLocation.uri] | index("bytes-%FF%FE/Dockerfile") != null) and
        ([.results[] | select(.ruleId == "invalid-dockerfile") | .locations[0].physicalLocation.region.startLine] == [2])' \
        >/dev/null || fail
}

@test "SARIF of nothing is valid" {
    u check --format sarif
    printf '%s\n' "$output" >"$BATS_TEST_TMPDIR/log"
    sarif_check "$BATS_TEST_TMPDIR/log"
    printf '%s\n' "$output" | jq -e '.runs[0].results == [] and .runs[0].invocations[0].executionSuccessful' >/dev/null
}

@test "the fixes of a SARIF log, all applied, are what fix writes" {
    cp -r "$BATS_TEST_DIRNAME/../../golden" ../one
    rm -r ../one/lexical/no-utf8 # its bytes are no text: there is no fix in the log
    cp -r ../one ../two
    (cd ../one && "$UNROOT" check -q --unsafe-fixes --format sarif . >../log 2>/dev/null) || true
    (cd ../two && "$UNROOT" fix -q --unsafe-fixes . 2>/dev/null) || true
    ! diff -rq ../one ../two >/dev/null
    sarif_check ../log --apply ../one
    diff -r ../one ../two
}

@test "SARIF: a byte order mark and CRLF are no columns" {
    printf '\xef\xbb\xbfFROM node:24\r\nWORKDIR /app\r\nCOPY . .\r\nCMD ["node", "a.js"]' >Dockerfile
    cp Dockerfile ../want
    "$UNROOT" fix - <../want >../fixed
    ! cmp -s ../want ../fixed
    u check --format sarif -o ../log
    sarif_check ../log --apply .
    cmp Dockerfile ../fixed
}

@test "fingerprints stay when lines move, and differ within a file" {
    prints() { "$UNROOT" check -q --format "$1" . | jq -c "$2"; }
    sarif='[.runs[0].results[].partialFingerprints["instruction/v1"]]'
    printf 'FROM node:24\nWORKDIR /app\nCOPY a .\nCOPY a .\nCOPY b .\nCMD ["node", "a.js"]\n' >Dockerfile
    before=$(prints sarif "$sarif") gitlab=$(prints gitlab '[.[].fingerprint]')
    [ "$(jq 'length == (unique | length) and length >= 4' <<<"$before")" = true ] || fail "$before"
    printf '# one\n\n# two\nFROM node:24\nWORKDIR /app\n\n  COPY   a .\nCOPY a \\\n    .\nCOPY b .\nCMD ["node", "a.js"]\n' >Dockerfile
    [ "$(prints sarif "$sarif")" = "$before" ] || fail "$before $(prints sarif "$sarif")"
    [ "$(prints gitlab '[.[].fingerprint]')" = "$gitlab" ]
    mkdir sub
    mv Dockerfile sub
    [ "$(prints sarif "$sarif")" = "$before" ]
    [ "$(prints gitlab '[.[].fingerprint]')" != "$gitlab" ]
}

@test "github: one line a problem, whatever a path holds" {
    hostile
    u check --format github
    is_status 3
    printf '%s\n' "$output" | grep -Ev '^::(error|warning|notice) title=unroot%3A [a-z-]+,file=[^,:]*(,line=[0-9]+,endLine=[0-9]+,col=[0-9]+)?::[^[:cntrl:]]+$' &&
        fail 'a line that is no command'
    has output 'file=a%2Cb%3Ac%25d%0A%3A%3Aerror%3A%3Ax/Dockerfile,line=1'
    has output 'title=unroot%3A invalid-dockerfile,file=broken/Dockerfile,line=2'
}

@test "gitlab: every issue has what is demanded, and a fingerprint of its own" {
    hostile
    u check --format gitlab
    printf '%s\n' "$output" | jq -e 'length > 8 and
        ([.[] | (.description | length) > 0 and (.check_name | length) > 0 and
          (.severity | IN("info", "minor", "major", "critical", "blocker")) and
          (.location.path | length) > 0 and .location.lines.begin >= 1] | all) and
        ([.[].fingerprint] | length == (unique | length))' >/dev/null || fail
    rm -r ./*
    u check --format gitlab
    [ "$(printf '%s\n' "$output" | jq -c .)" = '[]' ] || fail
}

@test "markdown: sums first, then sections; nothing of strangers is markup" {
    hostile
    u check --format markdown --unsafe-fixes
    [ "$(printf '%s\n' "$output" | head -1)" = '# Who the images run as' ] || fail
    has output '| a numeric non-root user | 0 |'
    has output '`unknown-user` | 1 |'
    has output '&lt;script&gt;'
    has output '@<!-- -->somebody'
    has output '#<!-- -->1'
    has output ':<!-- -->//z'
    has output '````diff'
    [ "$(printf '%s\n' "$output" | grep -c '^<details>')" -eq "$(printf '%s\n' "$output" | grep -c '^</details>')" ]
    output=$(printf '%s\n' "$output" | awk '/^```/ { within = !within } !within')
    has output '&lt;script&gt;'
    has_not output '<script'
    has_not output '@somebody'
}

@test "pull-request: fits, and says what it left out" {
    for i in $(seq 150); do node "a$i/Dockerfile"; done
    u check --format pull-request
    [ "${#output}" -lt 65536 ] || fail "${#output}"
    [ "${#output}" -gt 40000 ] || fail "${#output}"
    has output '**150 files: 150 change.**'
    [[ $output =~ ([0-9]+)\ more\ files\ are\ not\ shown ]] || fail
    [ $((BASH_REMATCH[1] + $(printf '%s\n' "$output" | grep -c '^<details>'))) -eq 150 ]
}

@test "html: one page, no network, its script and style by hash, data that can't be markup" {
    hostile
    u check --format html --unsafe-fixes
    printf '%s\n' "$output" >../page
    python3 - ../page <<'PY' || fail 'the page'
import base64, hashlib, html.parser, json, re, sys
page = open(sys.argv[1], "rb").read()
class Reader(html.parser.HTMLParser):
    texts, open_as = {}, None
    def handle_starttag(self, tag, attributes):
        a = dict(attributes)
        if tag in ("script", "style"):
            self.open_as = a.get("id") or a.get("class") or tag
        for name, value in a.items():
            assert not name.startswith("on") and name not in ("src", "href", "style"), (tag, name)
        if tag == "meta" and a.get("http-equiv") == "Content-Security-Policy":
            self.policy = a["content"]
        assert tag != "link", tag
    def handle_data(self, data):
        if self.open_as:
            self.texts[self.open_as] = self.texts.get(self.open_as, "") + data
    def handle_endtag(self, tag):
        self.open_as = None
r = Reader(convert_charrefs=False)
r.feed(page.decode("utf-8"))
r.close()
assert sorted(r.texts) == ["about", "data", "script", "style"], sorted(r.texts)
assert "default-src 'none'" in r.policy
for name in ("script", "style"):
    digest = base64.b64encode(hashlib.sha256(r.texts[name].encode()).digest()).decode()
    assert f"{name}-src 'sha256-{digest}'" in r.policy, name
assert "<" not in r.texts["data"] + r.texts["about"]
lines = r.texts["data"].strip("\n").split("\n")
assert len(lines) >= 16 and len(lines) % 2 == 0
paths = [json.loads(line)[0] for line in lines[::2]]
assert "<script>alert(1)</script><!--/Dockerfile" in paths, paths
for line in lines[1::2]:
    assert {"error", "findings", "patch"} == json.loads(line).keys()
for word in ("http://", "https://", "url(", "innerHTML", "document.write", "eval("):
    assert word not in (r.texts["script"] + r.texts["style"]).replace("http://www.w3.org/2000/svg", ""), word
PY
}

chromium() {
    timeout 120 "$(command -v chromium || command -v chromium-browser || command -v google-chrome)" --headless \
        --no-sandbox --disable-gpu --user-data-dir="$BATS_TEST_TMPDIR/profile" "$@" 2>/dev/null
}

need_chromium() {
    command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null ||
        skip 'no Chromium'
}

@test "html: a browser shows it, and runs nothing that strangers wrote" {
    need_chromium
    hostile
    "$UNROOT" check -q --unsafe-fixes --report ../page.html >/dev/null 2>&1 || true
    chromium --dump-dom "file://$PWD/../page.html#open=first&q=alert" >../dom
    output=$(sed 's/<script type="text\/plain".*//' ../dom | tr '\n' ' ')
    has output '&lt;script&gt;alert(1)&lt;/script&gt;&lt;!--/Dockerfile'
    has output '1 of 8 files'
    has output '<rect class="root"'
    has output '+USER 1000:1000'
    has_not output '<script>alert'
    chromium --dump-dom "file://$PWD/../page.html#by=reason&answer=refused" >../dom
    output=$(cat ../dom)
    has output 'data-group="unknown-user"'
    has output '1 of 8 files'
}

@test "html: a page of many files, and one of none" {
    need_chromium
    "$UNROOT" check -q --report ../page.html
    chromium --dump-dom "file://$PWD/../page.html" >../dom
    grep -q '0 of 0 files' ../dom
    for i in $(seq 1200); do node "team$((i % 7))/a$i/Dockerfile"; done
    "$UNROOT" check -q --report ../page.html >/dev/null || true
    [ "$(grep -c '^<script type="text/plain" class="data">' ../page.html)" -gt 1 ]
    chromium --dump-dom "file://$PWD/../page.html" >../dom
    grep -q '1200 of 1200 files' ../dom
    grep -q 'data-group="team6/"' ../dom
    [ "$(sed 's/<script type="text.*//' ../dom | grep -o '<div class="file">' | wc -l)" -eq 100 ]
}

@test "the same bytes for any number of threads, in every format" {
    hostile
    for i in $(seq 40); do node "n$i/Dockerfile"; done
    for format in $formats; do
        "$UNROOT" check -j1 -q --format "$format" >../one 2>/dev/null || true
        "$UNROOT" check -j8 -q --format "$format" >../eight 2>/dev/null || true
        [ -s ../one ]
        cmp ../one ../eight || fail "$format"
    done
}

@test "--report: several files beside the product, each as --format would print it" {
    node a/Dockerfile
    done_already b/Dockerfile
    for format in $formats; do "$UNROOT" check --format "$format" >"../$format.want" || true; done
    u check --report ../r.sarif --report ../r.md --report ../r.html --report ../r.json \
        --report ../gl-code-quality-report.json --report ../g --report-format github \
        --report ../p.md --report-format pull-request
    is_status 1
    has output 'a/Dockerfile: safe'
    cmp ../r.sarif ../sarif.want
    cmp ../r.md ../markdown.want
    cmp ../r.html ../html.want
    cmp ../r.json ../json.want
    cmp ../gl-code-quality-report.json ../gitlab.want
    cmp ../g ../github.want
    cmp ../p.md ../pull-request.want
}

@test "--report with diff and fix" {
    node Dockerfile
    u diff --report ../d.json
    is_status 1
    has output '+USER 1000:1000'
    u fix --report ../f.json
    is_status 0
    no_output
    hardened Dockerfile
    cmp ../d.json ../f.json
    u fix - --report ../g.json <Dockerfile
    is_status 0
    [ "$(jq -r .answer ../g.json)" = already ]
}

@test "what could not be handled is in every report" {
    ln -s nowhere Dockerfile
    broken b/Dockerfile
    u check Dockerfile b nofile --report ../r.json --report ../r.sarif --report ../r.md
    is_status 3
    [ "$(jq -s -c 'map(.path + " " + .reason) | sort' ../r.json)" = \
        '["Dockerfile unhandled-input","b/Dockerfile invalid-dockerfile","nofile unhandled-input"]' ] || fail "$(cat ../r.json)"
    [ "$(jq '.runs[0].results | length' ../r.sarif)" -eq 3 ]
    grep -q '0 files: 0 change.*; 3 errors' ../r.md
    u explain unhandled-input
    is_status 0
}

@test "a wrong configuration is in the report" {
    node a/Dockerfile
    node b/Dockerfile
    echo 'nonsense: true' >a/.unroot.yaml
    u check --format json
    is_status 3
    [ "$(printf '%s\n' "$output" | jq -r -s 'map(.answer + " " + .path) | join(",")')" = 'refused a/Dockerfile,safe b/Dockerfile' ] || fail
}

@test "--report: a file is replaced whole or stays as it was" {
    node Dockerfile
    echo old >../r.md
    chmod 600 ../r.md
    u check --report ../r.md --report nowhere/r.html
    is_status 3
    no_output
    has stderr "cannot write to 'nowhere/r.html'"
    [ "$(cat ../r.md)" = old ]
    u check --report ../r.md
    is_status 1
    grep -q '^# Who' ../r.md
    [ "$(stat -c %a ../r.md)" = 600 ]
    only Dockerfile
    [ -z "$(find .. -maxdepth 1 -name '.*unroot*')" ]
}

@test "--report: a full disk is noticed, and the old file stays" {
    [ -c /dev/full ] || skip 'no /dev/full'
    node Dockerfile
    u check --report /dev/full --report-format markdown
    is_status 3
    has stderr "cannot write to '/dev/full': No space left on device"
}

@test "--report: a closed pipe does not cost the report" {
    for i in $(seq 400); do node "a$i/Dockerfile"; done
    run --separate-stderr bash -c '"$@" | head -c 1 >/dev/null; exit ${PIPESTATUS[0]}' - "$UNROOT" diff -q --report ../r.json
    [ "$(wc -l <../r.json)" -eq 400 ] || fail
}

@test "a spool that finds no room is said, and the file not written" {
    for i in $(seq 1200); do node "a$i/$(printf '%0200d' 0)/$(printf '%0200d' 0)/Dockerfile"; done
    echo old >../r.md
    TMPDIR=/no/such/folder u check -q --report ../r.md -o /dev/null
    is_status 3
    has stderr 'a report is not complete: its temporary file: No such file or directory'
    [ "$(cat ../r.md)" = old ]
}
