#!/usr/bin/env bats
# verify, with an engine that contains nothing (tests/support/fake_engine.sh).
load helper

engine() { # NAME...
    export FAKE=$BATS_TEST_TMPDIR/fake TMPDIR=$BATS_TEST_TMPDIR/tmp
    mkdir -p "$FAKE" "$TMPDIR" "$BATS_TEST_TMPDIR/bin"
    for name; do
        cp "$BATS_TEST_DIRNAME/../support/fake_engine.sh" "$BATS_TEST_TMPDIR/bin/$name"
        chmod +x "$BATS_TEST_TMPDIR/bin/$name"
    done
    # no engine of this machine is to be found
    mkdir -p "$BATS_TEST_TMPDIR/rest"
    for name in sh sed grep cat cp rm mkdir tr tail wc basename sleep printf ls; do
        ln -sf "$(command -v $name)" "$BATS_TEST_TMPDIR/rest/$name"
    done
    unset DOCKER_BUILDKIT
}

# Runs it where no other engine is found.
v() {
    run --separate-stderr env PATH="$BATS_TEST_TMPDIR/bin:$BATS_TEST_TMPDIR/rest" "$(command -v timeout)" 60 \
        "$UNROOT" verify --yes-run-untrusted "$@"
}

no_leftovers() {
    [ -z "$(ls -A "$FAKE/containers")" ] || fail "containers: $(ls "$FAKE/containers")"
    [ -z "$(ls -A "$FAKE/images" | grep verify)" ] || fail "images: $(ls "$FAKE/images")"
    [ -z "$(ls -A "$TMPDIR")" ] || fail "files: $(ls "$TMPDIR")"
}

called() {
    grep -qF -- "$1" "$FAKE/calls" || fail "never called: $1"
}

is_json() { # FILTER VALUE
    [ "$(printf '%s\n' "$output" | jq -r "$1")" = "$2" ] || fail "$1 is not $2"
}

probe() { # UID LINES...: what the probe says
    printf 'unroot-probe 1\nprocess 1 uid %s %s %s %s gid 5 5 5 5 groups caps 0 bounding 0 nnp 0 name a\n' "$1" "$1" "$1" "$1"
    shift
    printf '%s\n' "$@" done
}

@test "the same behaviour, as non-root" {
    engine docker
    node Dockerfile
    v Dockerfile
    is_status 0
    has output 'Dockerfile: behaves as before, as non-root'
    has output 'refused: image will run as root'
    has output 'uid 0 gid 0'
    has output 'uid 1000 gid 1000'
    has output 'container has runAsNonRoot and image will run as root'
    has output 'CreateContainerConfigError'
    no_leftovers
    cmp Dockerfile <(node /dev/stdout)
    only ./Dockerfile 2>/dev/null || only Dockerfile
}

@test "without a terminal it has to be asked for" {
    engine docker
    node Dockerfile
    u verify Dockerfile
    is_status 2
    has stderr '--yes-run-untrusted'
    [ ! -e "$FAKE/calls" ]
}

@test "on a terminal it says what it does" {
    engine docker
    node Dockerfile
    command -v script >/dev/null || skip 'there is no script(1)'
    PATH=$BATS_TEST_TMPDIR/bin:$PATH run script -qec "'$UNROOT' verify Dockerfile" /dev/null </dev/null
    is_status 0
    has output 'this builds and runs code of whoever wrote the Dockerfile'
    has output 'behaves as before'
}

@test "wrong usage" {
    engine docker
    node Dockerfile
    for wrong in --writable=app --memory=much --path=index.html --run-option=env --build-option=- --wait=0 \
        --timeout=x --pids=-1 --network=-x --engine=lxc --format=html -j2; do
        v $wrong Dockerfile
        is_status 2
        no_output
    done
    v --rewritten Dockerfile
    is_status 2
    [ ! -e "$FAKE/calls" ]
}

@test "JSON and Markdown" {
    engine docker
    node Dockerfile
    v --format json Dockerfile
    is_status 0
    is_json .verdict same
    is_json .before.run.process_1.uid 0
    is_json .after.run.process_1.uid 1000
    is_json .before.run_as_non_root.starts false
    is_json .before.run_as_non_root.message 'container has runAsNonRoot and image will run as root'
    is_json .after.run_as_non_root.starts true
    is_json .after.user 1000:1000
    is_json .restricted.result ok
    is_json '.restricted.writable[0].path' /tmp
    v --format markdown -o report.md Dockerfile
    is_status 0
    grep -q '^| | before | after | restricted |$' report.md
    grep -q '^### ✅ Dockerfile: behaves as before' report.md
}

@test "a port that nothing listens on any more" {
    engine docker
    node Dockerfile
    probe 1000 > "$FAKE/live-rewrite"
    v Dockerfile
    is_status 1
    has output 'differs: nothing listens on port 3000 any more'
    has output 'the restricted policy was not tried'
    no_leftovers
}

@test "another answer, unless the original's answers vary" {
    engine docker
    node Dockerfile
    probe 1000 'listen tcp 3000 any' 'http 3000 200 5 00aa 200 5 00aa' > "$FAKE/live-rewrite"
    v Dockerfile
    is_status 1
    has output 'answers with another body'
    probe 0 'listen tcp 3000 any' 'http 3000 200 5 00bb 200 5 00bb' > "$FAKE/live-again"
    v Dockerfile
    is_status 0
    has output "the original's answers differ from run to run"
    probe 1000 'listen tcp 3000 any' 'http 3000 500 5 00aa 500 5 00aa' > "$FAKE/live-rewrite"
    v Dockerfile
    is_status 1
    has output 'answers with status 500, before 200'
}

@test "an exit code, and what the log says of it" {
    engine docker
    node Dockerfile
    echo 'exit 3' > "$FAKE/run-rewrite"
    echo "Error: EACCES: permission denied, open '/app/x.log'" > "$FAKE/log-rewrite"
    v Dockerfile
    is_status 1
    has output 'differs: running before, exit code 3 now'
    has output "differs: it says: Error: EACCES: permission denied, open '/app/x.log'"
    no_leftovers
}

@test "a process of root" {
    engine docker
    node Dockerfile
    probe 1000 'process 7 uid 1000 1000 0 1000 gid 5 5 5 5 groups caps 0 bounding 0 nnp 0 name su\040do' \
        'listen tcp 3000 any' 'http 3000 200 5 2cf24dba5fb0a30e 200 5 2cf24dba5fb0a30e' > "$FAKE/live-rewrite"
    v Dockerfile
    is_status 1
    has output 'differs: process 7 (su do) runs as root'
}

@test "a rewrite of one's own: a name is no number, and a build that fails" {
    engine docker
    node Dockerfile
    printf 'FROM node:24\nUSER node\nCMD ["node", "server.js"]\n' > other
    v --rewritten other Dockerfile
    is_status 1
    has output 'image has non-numeric user (node), cannot verify user is non-root'
    cmp other "$FAKE/dockerfile-after"
    echo BROKEN >> other
    v --rewritten other Dockerfile
    is_status 1
    has output 'the rewrite does not build'
    has output 'process "BROKEN" did not complete'
    no_leftovers
}

@test "an original that does not build says nothing of the rewrite" {
    engine docker
    node Dockerfile
    echo 'LABEL a=BROKEN' >> Dockerfile
    v Dockerfile
    is_status 3
    has stderr 'the original does not build'
    no_leftovers
    v --format json Dockerfile
    is_status 3
    is_json .verdict no-answer
}

@test "no engine, or one that does not answer" {
    engine
    node Dockerfile
    v Dockerfile
    is_status 3
    has stderr 'no container engine: docker is not on PATH; podman is not on PATH'
    engine docker
    touch "$FAKE/no-daemon"
    v --engine docker Dockerfile
    is_status 3
    has stderr 'docker does not work: Cannot connect to the Docker daemon'
}

@test "podman, and buildah with podman" {
    engine podman
    node Dockerfile
    v Dockerfile
    is_status 0
    called 'podman build --force-rm --layers=false --format docker'
    called 'podman run -d'
    called --read-only-tmpfs=false
    no_leftovers
    v --engine buildah Dockerfile
    is_status 3
    has stderr 'buildah is not on PATH'
    engine buildah
    v --engine buildah Dockerfile
    is_status 0
    called 'buildah build --force-rm'
    no_leftovers
}

@test "what the classic builder leaves behind" {
    engine docker
    touch "$FAKE/no-buildx"
    node Dockerfile
    v Dockerfile
    is_status 0
    no_leftovers
    [ -e "$FAKE/images/aaaaaaaaaaaa" ] || fail 'the base image was removed'
    [ -e "$FAKE/images/bbbbbbbbbbbb" ] || fail 'a step of somebody else was removed'
    [ ! -e "$FAKE/images/cccccccccccc" ] || fail 'a step was left'
}

@test "what is missing under the restricted policy, and a second run with it" {
    engine docker
    node Dockerfile
    printf 'exit 1\nrunning\n' > "$FAKE/run-restricted"
    printf 'C /srv\nA /srv/cache\nA /srv/cache/a\nC /etc\nC /etc/hosts\nC /app\nA /app/x\nA /home/new\nA /data/file\n' \
        > "$FAKE/diff"
    echo /home/new > "$FAKE/folders"
    v --format json Dockerfile
    is_status 1
    is_json .verdict differs
    is_json '.differences | length' 0
    is_json .restricted.result needs
    is_json '.restricted.missing | sort | join(" ")' '/data /home/new /srv/cache'
    echo running > "$FAKE/run-restricted"
    v --writable /srv/cache --writable /home/new --writable /data --format json Dockerfile
    is_status 0
    is_json .restricted.result ok
    called '--tmpfs /srv/cache:rw,exec,nosuid,nodev,mode=0777,size=512m'
    called '--read-only --cap-drop ALL --security-opt no-new-privileges --sysctl net.ipv4.ip_unprivileged_port_start=1024'
    no_leftovers
}

@test "what the log misses, and what has files already" {
    engine docker
    node Dockerfile
    printf 'exit 1\nrunning\n' > "$FAKE/run-restricted"
    echo "mkdir: cannot create directory '/opt/a/run': Read-only file system" > "$FAKE/log-restricted"
    printf 'unroot-probe 1\nfolder full /opt/a/run\nfolder full /app\ndone\n' > "$FAKE/still"
    v Dockerfile
    is_status 1
    has output 'works with --writable /opt/a/run'
    has output 'writable: /opt/a/run (a volume that begins with what the image has there, was missing)'
    called '--volume /opt/a/run'
}

@test "a complaint of the log under the restricted policy" {
    engine docker
    node Dockerfile
    echo "PHP Warning: open(/srv/www/counter): Read-only file system" > "$FAKE/log-restricted"
    # whatever is writable, it goes on
    v --format json Dockerfile
    is_status 0
    is_json .restricted.result ok
    is_json '.restricted.missing | length' 0
    is_json '.restricted.run.permission_errors | length' 1
    # it ends when its folder is writable
    sed -i 's|^logs).*|logs) grep -q -e "run .*--tmpfs /srv/www:" "$FAKE/calls" \|\| show "log-$(kind_of "$3")" ;;|' \
        "$BATS_TEST_TMPDIR/bin/docker"
    : > "$FAKE/calls"
    v --format json Dockerfile
    is_status 1
    is_json .restricted.result needs
    is_json '.restricted.missing | join(" ")' /srv/www
}

@test "nothing helps under the restricted policy" {
    engine docker
    node Dockerfile
    echo 'exit 1' > "$FAKE/run-restricted"
    v Dockerfile
    is_status 1
    has output 'does not work'
    v --no-restricted Dockerfile
    is_status 0
    has_not output restricted
    no_leftovers
}

@test "a port below 1024" {
    engine docker
    printf 'FROM node:24\nWORKDIR /app\nCOPY . .\nCMD ["node", "a.js"]\n' > Dockerfile
    probe 0 'listen tcp 80 any' 'http 80 200 5 00aa 200 5 00aa' > "$FAKE/live-original"
    probe 1000 'listen tcp 80 any' 'http 80 200 5 00aa 200 5 00aa' > "$FAKE/live-rewrite"
    cp "$FAKE/live-rewrite" "$FAKE/live-restricted"
    printf 'exit 1\nrunning\n' > "$FAKE/run-restricted"
    v --format json Dockerfile
    is_status 1
    is_json .restricted.result needs
    is_json .restricted.low_ports true
    echo running > "$FAKE/run-restricted"
    : > "$FAKE/calls"
    v --low-ports open Dockerfile
    is_status 0
    ! grep -q sysctl "$FAKE/calls"
}

@test "an arbitrary user" {
    engine docker
    node Dockerfile
    v --arbitrary-uid Dockerfile
    is_status 0
    called '--user 1000650000:0'
    has output 'user 1000650000:0'
}

@test "limits, and an engine that has none" {
    engine docker
    node Dockerfile
    v --memory 64m --pids 7 Dockerfile
    is_status 0
    called '--memory 64m --pids-limit=7'
    touch "$FAKE/refuse-limits"
    v Dockerfile
    is_status 0
    has output "note: the engine can't limit memory and processes"
    no_leftovers
}

@test "an engine that does not run the original" {
    engine docker
    node Dockerfile
    echo 'refuse no space left on device' > "$FAKE/run-original"
    v Dockerfile
    is_status 3
    has stderr 'no space left on device'
    no_leftovers
}

@test "a container that is refused once" {
    engine docker
    node Dockerfile
    printf 'refuse try again\nrunning\n' > "$FAKE/run-original"
    v Dockerfile
    is_status 0
    no_leftovers
}

@test "garbage from inside, and nothing at all" {
    engine docker
    node Dockerfile
    head -c 100000 /dev/urandom > "$FAKE/live-original"
    printf 'unroot-probe 1\nprocess x\nlisten tcp 99999999 any\nhttp\nprocess 1 uid 1 2 3\n\n\033[31m\n' > "$FAKE/live-rewrite"
    printf 'unroot-probe 1\nsetid\nfolder\nshell\ndone' > "$FAKE/still"
    v --wait 1 Dockerfile
    is_status 3
    has output 'could not be looked at'
    has stderr 'what runs in the original could not be seen'
    rm "$FAKE/live-original"
    v --wait 1 Dockerfile
    is_status 1
    has output 'differs: what runs and listens in it could not be seen'
    case $output in *$'\033'*) fail 'an escape sequence came through' ;; esac
    no_leftovers
}

@test "a build that takes too long" {
    engine docker
    node Dockerfile
    echo 60 > "$FAKE/slow-build"
    v --timeout 1 Dockerfile
    is_status 3
    has stderr 'not done after 1 s'
    no_leftovers
}

is_running() { # COMMAND LINE
    for file in /proc/[0-9]*/cmdline; do
        [ "$(tr '\0' ' ' 2>/dev/null < "$file")" != "$1 " ] || return 0
    done
    return 1
}

# Runs it until the engine is called with TEXT, sends SIGNAL, and expects it to end by that.
interrupt() { # SIGNAL TEXT
    : > "$FAKE/calls"
    NEW_PATH=$BATS_TEST_TMPDIR/bin:$BATS_TEST_TMPDIR/rest timeout 60 python3 - "$FAKE/calls" "$@" "$UNROOT" \
        2>"$BATS_TEST_TMPDIR/said" <<'END'
import os, signal, subprocess, sys, time
calls, name, text, program = sys.argv[1:]
environment = dict(os.environ, PATH=os.environ["NEW_PATH"])
child = subprocess.Popen([program, "verify", "--yes-run-untrusted", "Dockerfile"], env=environment)
while text not in open(calls).read():
    time.sleep(0.05)
time.sleep(0.2)
number = getattr(signal, "SIG" + name)
child.send_signal(number)
sys.exit(child.wait(30) != -number)
END
}

@test "a signal in the middle of a build leaves nothing" {
    engine docker
    node Dockerfile
    for signal in INT TERM HUP; do
        echo 60.123 > "$FAKE/slow-build"
        interrupt $signal 'build --load' || fail "$(cat "$BATS_TEST_TMPDIR/said")"
        grep -q 'interrupted; what was made until then is removed' "$BATS_TEST_TMPDIR/said"
        no_leftovers
        ! is_running 'sleep 60.123' || fail 'a process is left'
    done
}

@test "a signal while containers run leaves nothing" {
    engine docker
    node Dockerfile
    sed -i 's/^live() .*/&\n    sleep 60.321/' "$BATS_TEST_TMPDIR/bin/docker"
    interrupt TERM SYS_PTRACE || fail "$(cat "$BATS_TEST_TMPDIR/said")"
    no_leftovers
    ! is_running 'sleep 60.321' || fail 'a process is left'
}

@test "files of the build context are changed in a copy" {
    engine docker
    mkdir site secret
    printf 'server {\n    listen 80;\n    location / { root /srv; }\n}\n' > site.conf
    printf 'FROM nginx:1.27\nCOPY site.conf /etc/nginx/conf.d/default.conf\nEXPOSE 80\n' > Dockerfile
    printf 'secret\n' > .dockerignore
    echo hidden > secret/key
    echo page > site/index.html
    ln -s ../.. site/up
    chmod 750 site
    find . -type f -exec md5sum {} + | sort > "$BATS_TEST_TMPDIR/sums"
    v --unsafe-fixes Dockerfile
    if [ "$(diff -r "$FAKE/context-before" "$FAKE/context-after" | wc -l)" -eq 0 ]; then
        fail 'the rewrite changed no file of the context: choose another example'
    fi
    grep -q 'listen 8080' "$FAKE/context-after/site.conf"
    grep -q 'listen 80;' "$FAKE/context-before/site.conf"
    [ ! -e "$FAKE/context-after/secret" ] || fail 'what is ignored was copied'
    [ "$(readlink "$FAKE/context-after/site/up")" = ../.. ]
    [ "$(stat -c %a "$FAKE/context-after/site")" = 750 ]
    find . -type f -exec md5sum {} + | sort | cmp - "$BATS_TEST_TMPDIR/sums"
    no_leftovers
}

@test "what is not rewritten is not built" {
    engine docker
    printf 'FROM unknown/image\nCMD ["run"]\n' > Dockerfile
    v Dockerfile
    is_status 1
    has output 'is not rewritten, and nothing was built: refused (entrypoint-opaque)'
    v --format json Dockerfile
    is_json .verdict not-rewritten
    is_json .reason entrypoint-opaque
    [ ! -e "$FAKE/calls" ]
}

@test "what needs no rewrite is run all the same" {
    engine docker
    done_already Dockerfile
    v Dockerfile
    is_status 0
    has output 'nothing was to be rewritten'
    [ "$(grep -c 'buildx build' "$FAKE/calls")" -eq 1 ]
    no_leftovers
}

@test "the stage that a Compose file builds, with its arguments" {
    engine docker
    printf 'ARG V=24\nFROM node:24 AS web\nWORKDIR /app\nCOPY . .\nCMD ["node", "a.js"]\nFROM web AS test\nCMD ["node", "t.js"]\n' \
        > Dockerfile
    printf 'services:\n  web:\n    build:\n      context: .\n      target: web\n      args:\n        V: "24"\n' > compose.yaml
    v --user app Dockerfile
    is_status 0
    called '--target web'
    called --build-arg=V=24
    [ "$(grep -c 'buildx build' "$FAKE/calls")" -eq 2 ]
}

@test "targets, build arguments and options reach the engine" {
    engine docker
    printf 'FROM node:24 AS one\nWORKDIR /app\nCOPY . .\nCMD ["node", "a.js"]\nFROM node:24 AS two\nWORKDIR /app\nCOPY . .\nCMD ["node", "b.js"]\n' > Dockerfile
    v --target one --build-option=--secret=id=x --run-option=--env=A=B --network bridge Dockerfile
    is_status 0
    called '--target one'
    called --secret=id=x
    called --env=A=B
    called '--network bridge'
    [ "$(grep -c 'buildx build' "$FAKE/calls")" -eq 2 ]
    v --target one --target two Dockerfile
    is_status 0
    has output 'Dockerfile (one): behaves'
    has output 'Dockerfile: behaves' # the last stage
}
