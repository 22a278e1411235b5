#!/bin/sh
# A container engine that contains nothing: it answers as `docker` does, from files in $FAKE, and keeps
# a list of what exists there. Tests put it on PATH under the engine's name.
#
#   calls                    every command line, one a line
#   images/, containers/     what exists; an image's file holds its user
#   no-daemon, no-buildx     when there
#   slow-build               how many seconds a build takes
#   refuse-limits            a container with limits is refused
#   run-WHAT                 what becomes of the container WHAT (original, rewrite, restricted, again):
#                            `running`, `exit N`, or `refuse MESSAGE`; may hold several lines, one a run
#   live-WHAT, log-WHAT      what the probe and `logs` print of it
#   diff, folders            what `diff` prints; which of its paths are folders
#   still                    what the probe prints of an image
#
# A Dockerfile with the word BROKEN does not build. The user of an image is that of its last USER line.
set -u
: "${FAKE:?}"
mkdir -p "$FAKE/images" "$FAKE/containers"
printf '%s\n' "$(basename "$0") $*" >> "$FAKE/calls"

file_of() { printf '%s' "$1" | tr '/:' '__'; }
has() { [ -e "$FAKE/$1/$(file_of "$2")" ]; }
fail() { echo "$1" >&2; exit "${2:-1}"; }
kind_of() { printf '%s' "$1" | sed 's/^unroot-verify-[0-9a-f]*-\([a-z]*\)-[0-9]*$/\1/'; }
show() { [ ! -e "$FAKE/$1" ] || cat "$FAKE/$1"; }

# The next line of a file that is used up line by line; the last one stays.
next() {
    [ -e "$FAKE/$1" ] || { echo "$2"; return; }
    sed -n 1p "$FAKE/$1"
    [ "$(wc -l < "$FAKE/$1")" -lt 2 ] || sed -i 1d "$FAKE/$1"
}

build() {
    tag='' dockerfile='' context=''
    while [ $# -gt 0 ]; do
        case $1 in
        -t) tag=$2; shift ;;
        -f) dockerfile=$2; shift ;;
        --memory | --target | --format) shift ;;
        -*) ;;
        *) context=$1 ;;
        esac
        shift
    done
    [ -d "$context" ] || fail "no such context: $context"
    [ ! -e "$FAKE/slow-build" ] || sleep "$(cat "$FAKE/slow-build")"
    if grep -q BROKEN "$dockerfile"; then
        fail 'ERROR: process "BROKEN" did not complete successfully'
    fi
    rm -rf "$FAKE/context-${tag##*:}"
    cp -R "$context" "$FAKE/context-${tag##*:}"
    cp "$dockerfile" "$FAKE/dockerfile-${tag##*:}"
    if [ "$classic" = true ]; then
        echo 'Step 1/3 : FROM node:24'
        echo ' ---> aaaaaaaaaaaa'
        echo 'Step 2/3 : WORKDIR /app'
        echo ' ---> Using cache'
        echo ' ---> bbbbbbbbbbbb'
        echo 'Step 3/3 : CMD'
        echo ' ---> Running in 111111111111'
        echo ' ---> cccccccccccc'
        for id in aaaaaaaaaaaa bbbbbbbbbbbb cccccccccccc; do : > "$FAKE/images/$id"; done
    fi
    sed -n 's/^USER *//p' "$dockerfile" | tail -n 1 > "$FAKE/images/$(file_of "$tag")"
}

inspect_image() {
    if [ "$1" = --format ]; then
        has images "$3" || fail "Error: No such image: $3"
        case $2 in *RepoTags*) case $3 in *:*) echo 1 ;; *) echo 0 ;; esac ;; *) echo sha256:0 ;; esac
        return
    fi
    has images "$1" || fail "Error: No such image: $1"
    printf '[{"Id":"x","Size":1000000,"Config":{"User":"%s","ExposedPorts":{"3000/tcp":{}}%s}}]\n' \
        "$(cat "$FAKE/images/$(file_of "$1")")" "$(show config)"
}

inspect_container() {
    if [ "$1" = --format ]; then
        has containers "$3" || fail "Error: No such container: $3"
        echo sha256:0
        return
    fi
    has containers "$1" || fail "Error: No such container: $1"
    read -r word code < "$FAKE/containers/$1"
    running=false
    [ "$word" != running ] || running=true
    printf '[{"State":{"Running":%s,"ExitCode":%d,"OOMKilled":false,"Error":""%s}}]\n' $running "${code:-0}" \
        "$(show state)"
}

# A probe that sees one process of the image's user, which listens on port 3000.
live() { # CONTAINER
    what=$(kind_of "$1")
    read -r word _ < "$FAKE/containers/$1"
    [ "$word" = running ] || fail "cannot join network of a non running container" 125
    [ ! -e "$FAKE/live-$what" ] || { cat "$FAKE/live-$what"; return; }
    user=$(cat "$FAKE/user-$1")
    uid=${user%%:*}
    gid=${user#*:}
    uid=${uid:-0} gid=${gid:-0}
    cat <<END
unroot-probe 1
process 1 uid $uid $uid $uid $uid gid $gid $gid $gid $gid groups $gid caps 0000000000000000 bounding 00000000a80425fb nnp 0 name node
listen tcp 3000 any
http 3000 200 5 2cf24dba5fb0a30e 200 5 2cf24dba5fb0a30e
done
END
}

run() {
    name='' there='' detached=false image='' limits=false
    while [ $# -gt 0 ]; do
        case $1 in
        --name) name=$2; shift ;;
        --network) there=$2; shift ;;
        -d) detached=true ;;
        --memory | --pids-limit=*) limits=true; [ "$1" != --memory ] || shift ;;
        --hostname | --cap-drop | --cap-add | --user | --security-opt | --pid | --tmpfs | --volume | --sysctl | \
            --health-interval | --workdir | --entrypoint) shift ;;
        -*) ;;
        *) [ -n "$image" ] || image=$1 ;;
        esac
        shift
    done
    has images "$image" || fail "Unable to find image '$image' locally" 125
    if ! $detached; then
        live "${there#container:}"
        return
    fi
    if $limits && [ -e "$FAKE/refuse-limits" ]; then
        fail 'docker: Error response from daemon: cgroup controller is not available.' 125
    fi
    fate=$(next "run-$(kind_of "$name")" running)
    echo "$fate" > "$FAKE/containers/$name"
    cat "$FAKE/images/$(file_of "$image")" > "$FAKE/user-$name"
    case $fate in refuse*) fail "docker: Error response from daemon: ${fate#refuse }" 125 ;; esac
    echo 0123456789abcdef
}

create() {
    while [ "$1" != --name ]; do shift; done
    echo created > "$FAKE/containers/$2"
    case $* in *" self") echo self > "$FAKE/containers/$2" ;; esac
    echo 0123456789abcdef
}

start() {
    if [ "$(cat "$FAKE/containers/$2")" = self ]; then
        printf 'unroot-probe 1\nself uid 1000 gid 1000 groups\ndone\n'
    elif [ -e "$FAKE/still" ]; then
        cat "$FAKE/still"
    else
        printf 'unroot-probe 1\nsetid 4755 0 0 /bin/su\nshell /bin/sh\ndone\n'
    fi
}

copy() {
    if [ "$1" = - ]; then
        cat > "$FAKE/probe.tar"
        return
    fi
    type=0
    ! grep -qxF "${1#*:}" "$FAKE/folders" 2>/dev/null || type=5
    printf '%156s%s' '' $type
}

classic=false
command=$1
shift
case $command in
version)
    [ ! -e "$FAKE/no-daemon" ] || fail 'Cannot connect to the Docker daemon. Is the docker daemon running?'
    echo 'Version: 1'
    ;;
buildx)
    [ ! -e "$FAKE/no-buildx" ] || fail "docker: 'buildx' is not a docker command."
    [ "$1" != build ] || build "$@"
    ;;
build)
    [ "$(basename "$0")" != docker ] || classic=true
    build "$@"
    ;;
image | container)
    verb=$1
    shift
    if [ "$verb" = exists ]; then
        has "${command}s" "$1"
    else
        "inspect_$command" "$@"
    fi
    ;;
import) cat > /dev/null && : > "$FAKE/images/$(file_of "$2")" ;;
run) run "$@" ;;
create) create "$@" ;;
start) start "$@" ;;
cp) copy "$@" ;;
tag) cp "$FAKE/images/$(file_of "$1")" "$FAKE/images/$(file_of "$2")" ;;
logs) show "log-$(kind_of "$3")" ;;
diff) show diff ;;
kill) ;;
ps) ls "$FAKE/containers" ;;
rm) rm -f "$FAKE/containers/$3" ;;
rmi)
    [ "$1" != -f ] || shift
    rm -f "$FAKE/images/$(file_of "$1")"
    ;;
*) fail "unknown command: $command" ;;
esac
