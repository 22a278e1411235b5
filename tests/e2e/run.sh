#!/bin/sh
# The end-to-end test: builds small applications before and after `unroot fix`, runs both, and looks at
# what really happens.
#
#   sh tests/e2e/run.sh [-v] [CASE...]      UNROOT=path of the program (default: build/unroot)
#
#   -v  show what unroot changes
#
# A case is a folder beside this file; README.md says what is in it. Nothing is written there: all happens
# in a temporary copy. The engine is the one that `docker` talks to, where one answers; else the lab's
# ($UNROOT_LAB, or ../shared/lab/lab beside the project). Without an engine every case is skipped; without
# an image, or a builder, what needs it is.
#
# Exit status: 0 nothing failed (or all was skipped), 1 something failed, 2 wrong usage.
set -u
LC_ALL=C
export LC_ALL BUILDX_NO_DEFAULT_ATTESTATIONS=1 BUILDKIT_PROGRESS=plain
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
umask 022
here=$(cd "$(dirname "$0")" && pwd) || exit 2
root=$(cd "$here/../.." && pwd)
unroot=${UNROOT:-$root/build/unroot}
looker=python:3.11-slim # what look.py runs in
with_buildah='alpine-sh batch-job debian-useradd nginx-site volume-data' # these, too, where there is one
tag=unroot-e2e-$$       # of all images, and the start of all names of containers

usage() {
    sed -n '2,15s/^# \{0,1\}//p' "$0" >&2
    exit 2
}

all_cases() { (cd "$here" && for one in */case; do echo "${one%/case}"; done); }

verbose=false
while getopts v option; do
    case $option in v) verbose=true ;; *) usage ;; esac
done
shift $((OPTIND - 1))
case $unroot in /*) ;; *) unroot=$PWD/$unroot ;; esac
# shellcheck disable=SC2046 # names of cases have no blanks
[ $# -gt 0 ] || set -- $(all_cases)
for name; do
    [ -f "$here/$name/case" ] || { echo "e2e: no such case: $name" >&2; exit 2; }
done

# shellcheck source=tests/e2e/engine.sh
. "$here/engine.sh"

# ---- the case file, and what goes wrong -------------------------------------------------------

# The values of a key of the case file, one a line.
values() { sed -n "s/^$1[[:blank:]][[:blank:]]*//p" "$folder/case"; }
value() { values "$1" | head -n 1; }

problem() { echo "      $*" >> "$tmp/problems"; }
show() { tail -n "${2:-12}" "$1" | cut -c 1-240 | sed 's/^/        | /' >> "$tmp/problems"; }

copy_case() {
    rm -rf "$tmp/old" "$tmp/new" "$tmp"/*.log "$tmp"/answers-* "$tmp"/output-*
    cp -R "$folder" "$tmp/old" && rm "$tmp/old/case"
    chmod -R u=rwX,go=rX "$tmp/old" # whatever the umask of who checked it out
    values prepare > "$tmp/prepare"
    (cd "$tmp/old" && sh -e "$tmp/prepare") > "$tmp/said" 2>&1 || {
        problem "prepare failed:"
        show "$tmp/said"
        return 1
    }
    cp -Rp "$tmp/old" "$tmp/new"
}

# ---- building ---------------------------------------------------------------------------------

build() { # BUILDER TAG FOLDER
    how=$1 what=$2 where=$3 log=$tmp/build-$1-$2.log target=$(value target)
    if [ "$how" = buildah ]; then # the lab hands the image over to the engine
        # shellcheck disable=SC2046 # options
        timeout -k 5 $limit "$lab" build "$where" -f "$where/$file" -t "$tag:$what" --builder buildah -- \
            ${target:+--target "$target"} $(value build) > "$log" 2>&1 && return
        problem "$what does not build with $how:"
        show "$log"
        return 1
    fi
    # shellcheck disable=SC2046 # options
    set -- --network host -t "$tag:$what" -f "$where/$file" ${target:+--target "$target"} \
        $(value build) "$where"
    case $how in
    buildkit) engine buildx build --load "$@" ;;
    classic) DOCKER_BUILDKIT=0 engine build --force-rm "$@" ;;
    esac > "$log" 2>&1 && return
    problem "$what does not build with $how:"
    show "$log"
    return 1
}

# ---- running ----------------------------------------------------------------------------------

# The tightest policy of Kubernetes ("restricted"), which says nothing of files; with the read-only root
# that many add, or without.
restricted() {
    value run
    $read_only || [ "$(value root)" != read-only ] || echo "--read-only --tmpfs /tmp"
    echo "--cap-drop ALL --security-opt no-new-privileges"
    [ "$(value low-ports)" = open ] || echo "--sysctl net.ipv4.ip_unprivileged_port_start=1024"
    ! $read_only || read_only_root
}

# Writable is then /tmp, what unroot reports, and what the case says it needs. A volume begins with what
# the image has there; of a file it is the folder.
read_only_root() {
    echo "--read-only --tmpfs /tmp:exec"
    { report_list writable; values needs; } | sort -u > "$tmp/writable"
    [ -s "$tmp/writable" ] || return
    engine create --name "$tag-look" "$tag:buildkit" none > /dev/null 2>&1
    while read -r path; do
        # the first block of a tar says in one letter what it holds
        kind=$(engine cp "$tag-look:$path" - 2>/dev/null < /dev/null | dd bs=1 skip=156 count=1 2>/dev/null)
        [ "$kind" != 0 ] || path=${path%/*}
        case " $(value run) $kind" in
        *" $path "*) ;;
        *[05]) echo "--volume $path" ;;
        *) echo "--tmpfs $path:exec,mode=0777" ;; # there is nothing
        esac
    done < "$tmp/writable" | sort -u
    remove_container look
}

# Engines fail to start a container now and then; what does so twice is broken.
start() { # TAG RUN-OPTIONS...
    started=$1
    shift
    for _ in first second; do
        engine run -d --network none "$@" --name "$tag-run" "$tag:$started" > "$tmp/started" 2>&1 && return
        remove_container run
    done
    problem "$started does not start:"
    show "$tmp/started"
    return 1
}

questions() { # original, or another tag
    values get | while read -r path _; do echo "get $path"; done
    [ "$1" != original ] || return 0
    values write | sed 's/^/write /'
    values nowrite | sed 's/^/write /'
    values read | sed 's/^/read /'
    printf 'write %s\n' /etc /usr
}

port_of() { # original, or another tag
    port=$(value new-port)
    if [ "$1" = original ] || [ -z "$port" ]; then port=$(value port); fi
    echo "${port:-0}"
}

# Starts an image, asks what there is to ask, and leaves the answers in $tmp/answers-TAG.
serve() { # TAG RUN-OPTIONS...
    what=$1
    start "$@" || return
    # shellcheck disable=SC2046 # one word each
    engine run -i --rm --network "container:$tag-run" --pid "container:$tag-run" --cap-add SYS_PTRACE \
        --user 0:0 --name "$tag-look" "$looker" python3 - "$(port_of "$what")" 20 $(questions "$what") \
        < "$here/look.py" > "$tmp/answers-$what" 2> "$tmp/look-errors"
    looked=$?
    engine logs "$tag-run" > "$tmp/container-log" 2>&1
    state=$(engine inspect -f '{{.State.Running}} {{.State.ExitCode}}' "$tag-run" 2>&1)
    remove_container run
    [ "$looked ${state%% *}" != "0 true" ] || return 0
    problem "$what does not stay up (running, exit code: $state):"
    show "$tmp/container-log"
    [ "${state%% *}" = false ] || show "$tmp/look-errors" 3
    return 1
}

check_gets() { # TAG
    values get | while read -r path wanted; do
        said=$(sed -n "s|^get $path ||p" "$tmp/answers-$1" | head -n 1)
        [ "$said" = "200 $wanted" ] || echo "$1: $path answers '$said', not '200 $wanted'"
    done > "$tmp/wrong"
    [ -s "$tmp/wrong" ] || return 0
    while read -r line; do problem "$line"; done < "$tmp/wrong"
    show "$tmp/container-log" 8
    return 1
}

# Runs an image to its end. Lines that begin with "uid=" are not part of the output: they say who it is.
run_to_end() { # TAG RUN-OPTIONS...
    what=$1
    shift
    limit=60
    engine run --network none "$@" --name "$tag-run" "$tag:$what" \
        > "$tmp/output-$what" 2> "$tmp/errors" < /dev/null
    code=$?
    limit=600
    remove_container run
    sed '/^uid=/d' "$tmp/output-$what" > "$tmp/plain"
    values output > "$tmp/wanted"
    [ "$code" = "$(value exit)" ] && cmp -s "$tmp/wanted" "$tmp/plain" && return
    problem "$what: exit code $code, and this output:"
    show "$tmp/plain"
    show "$tmp/errors"
    return 1
}

ends() { [ -n "$(value exit)" ]; }

run_original() {
    # shellcheck disable=SC2046 # options
    if ends; then
        run_to_end original $(value run)
    else
        serve original $(value run) && check_gets original
    fi
}

# ---- what the rewritten image must be ---------------------------------------------------------

# The kubelet under runAsNonRoot: no user and number 0 are root, a name cannot be verified.
kubelet_accepts() {
    case ${1%%:*} in '' | *[!0-9]*) return 1 ;; esac
    [ "${1%%:*}" -ne 0 ]
}

# Who is announced. A number without a group has the group of its account, which must not be root's.
split_announced() {
    uid=${announced%%:*} gid='[1-9][0-9]*'
    case $announced in *:*) gid=${announced#*:} ;; esac
}

check_user() { # TAG
    user=$(engine image inspect -f '{{.Config.User}}' "$tag:$1")
    if [ "$user" != "$announced" ] && [ "$user" != "$uid" ]; then
        problem "$1: Config.User is '$user', announced was '$announced'"
    elif ! kubelet_accepts "$user"; then
        problem "$1: the kubelet refuses the user '$user'"
    else
        return 0
    fi
    return 1
}

check_processes() { # TAG
    good=true
    grep -q "^pid1 $uid $gid caps 0*$" "$tmp/answers-$1" || {
        problem "$1: runs as '$(grep '^pid1' "$tmp/answers-$1")', announced was '$announced'"
        good=false
    }
    grep '^process .* uids.* 0\( \|$\)' "$tmp/answers-$1" > "$tmp/roots" && {
        problem "$1: processes of root:"
        show "$tmp/roots"
        good=false
    }
    $good
}

expect() { # TAG VERB yes|no PATH...
    expected_of=$1 verb=$2 wanted=$3
    shift 3
    for path; do
        grep -q "^$verb $path $wanted" "$tmp/answers-$expected_of" && continue
        problem "$expected_of: $(grep "^$verb $path " "$tmp/answers-$expected_of"), wanted: $wanted"
        good=false
    done
}

check_paths() { # TAG
    good=true
    # shellcheck disable=SC2046 # paths of ours have no blanks
    {
        expect "$1" write yes $(values write)
        expect "$1" read yes $(values read)
        expect "$1" write no $(values nowrite) /etc /usr
    }
    $good
}

# Without a shell nobody who gets in finds one.
check_shell() { # TAG
    [ "$(value shell)" = none ] || return 0
    for one in /bin/sh /bin/bash /busybox/sh; do
        engine run --rm --network none --entrypoint "$one" --name "$tag-run" "$tag:$1" -c : > "$tmp/said" 2>&1
        code=$?
        remove_container run
        [ $code = 127 ] && continue
        problem "$1: has the shell $one (exit code $code)"
        show "$tmp/said" 3
        return 1
    done
}

megabytes() { engine image inspect -f '{{.Size}}' "$tag:$1" | awk '{ printf "%.1f MB", $1 / 1000000 }'; }

run_rewritten() { # TAG
    split_announced
    check_user "$1" && check_shell "$1" || return
    [ "$(value shell)" != none ] || echo "      size: $(megabytes original) -> $(megabytes "$1")" > "$tmp/sizes"
    # shellcheck disable=SC2046 # options
    if ends; then
        run_to_end "$1" $(restricted) || return
        grep -qx "uid=$uid gid=$gid" "$tmp/output-$1" && return
        problem "$1: says it is '$(grep '^uid=' "$tmp/output-$1")', announced was '$announced'"
        return 1
    else
        serve "$1" $(restricted) || return
        right=true
        check_gets "$1" || right=false
        check_processes "$1" || right=false
        check_paths "$1" || right=false
        $right
    fi
}

# ---- rewriting --------------------------------------------------------------------------------

unroot_new() { (cd "$tmp/new" && "$unroot" "$@" "$file"); }

# A field of unroot's report on the stage that is built: the last one, or the target.
report_field() { # FIELD
    stage=${target:+\"name\":\"$target\"[^\}]*}
    sed -n "s/.*$stage\"$1\":\"\([^\"]*\)\".*/\1/p" "$tmp/report.json"
}

# The same of a list, one entry a line.
report_list() { # FIELD
    stage=${target:+\"name\":\"$target\"[^\}]*}
    sed -n "s/.*$stage\"$1\":\[\([^]]*\)\].*/\1/p" "$tmp/report.json" | tr ',' '\n' | tr -d '"'
}

# Leaves unroot's verdict in `answer` and `announced`.
ask_unroot() {
    target=$(value target)
    # shellcheck disable=SC2046 # options
    unroot_new check $(value options) --format json > "$tmp/report.json" 2> "$tmp/said"
    answer=$(report_field answer)
    announced=$(report_field user_after)
}

check_verdict() {
    wanted=$(value answer)
    case ${wanted:=safe} in
    "$answer" | honest) ;;
    *)
        problem "unroot's answer is '$answer', not '$wanted':"
        grep -o '"message":"[^"]*"' "$tmp/report.json" > "$tmp/said"
        show "$tmp/said"
        return 1
        ;;
    esac
    wanted=$(value user)
    [ -z "$wanted" ] || [ "$wanted" = "$announced" ] && return
    problem "unroot announces '$announced', not '$wanted'"
    return 1
}

fix() {
    # shellcheck disable=SC2046 # options
    unroot_new fix $(value options) > "$tmp/said" 2>&1 && return
    problem "unroot fix failed:"
    show "$tmp/said"
    return 1
}

# The files that a case says will change with the Dockerfile did, and no others.
check_files() {
    cp -Rp "$tmp/new" "$tmp/rest"
    cp -p "$tmp/old/$file" "$tmp/rest/$file"
    for path in $(values changes); do
        cmp -s "$tmp/old/$path" "$tmp/rest/$path" && problem "$path was not changed" && return 1
        cp -p "$tmp/old/$path" "$tmp/rest/$path"
    done
    diff -r "$tmp/old" "$tmp/rest" > "$tmp/said" 2>&1 && return
    problem "more than the Dockerfile was changed:"
    show "$tmp/said"
    return 1
}

# Nothing else was touched, and a second run finds nothing to do.
check_fix() {
    fix || return
    rm -rf "$tmp/rest" "$tmp/rewritten"
    check_files || return
    cp -Rp "$tmp/new" "$tmp/rewritten"
    fix || return
    diff -r "$tmp/rewritten" "$tmp/new" > /dev/null || { problem "a second fix changes it again"; return 1; }
    $verbose && (cd "$tmp" && diff -ru old new)
    return 0
}

# Was it rewritten, or left alone as it should be?
is_rewritten() {
    case $answer in
    safe | already) return 0 ;;
    review) case " $(value options) " in *" --unsafe-fixes "*) return 0 ;; esac ;;
    esac
    [ -n "$target" ] || cmp -s "$tmp/old/$file" "$tmp/new/$file" ||
        problem "the answer is '$answer', but it was changed"
    return 1
}

# ---- one case ---------------------------------------------------------------------------------

result_of() { # BUILDER
    wanted=$(value builders)
    case " $with_buildah " in *" $name "*) wanted="${wanted:-buildkit classic} buildah" ;; esac
    case " ${wanted:-buildkit classic} " in *" $1 "*) ;; *) echo -; return ;; esac
    case " $builders " in *" $1 "*) ;; *) echo skipped; return ;; esac
    if build "$1" "$1" "$tmp/new" && run_rewritten "$1"; then echo ok; else echo FAILED; fi
}

# With a read-only root, which asks for more; what fails with it is run again without.
results_of_buildkit() {
    if [ "$(value read-only)" = no ]; then
        buildkit=$(result_of buildkit)
        return
    fi
    read_only=true
    buildkit=$(result_of buildkit) restricted=$buildkit
    read_only=false
    [ "$restricted" != FAILED ] || buildkit=$(result_of buildkit)
    [ "$restricted" != ok ] || [ -z "$(value needs)" ] || restricted=needs
}

missing_image() {
    for image in $(values image); do
        have_image "$image" || { echo "$image"; return; }
    done
}

# Fills in the results: original, buildkit, restricted, classic, buildah.
run_case() { # NAME
    folder=$here/$1 file=$(value file)
    file=${file:-Dockerfile}
    missing=$(missing_image)
    if [ -n "$missing" ]; then
        original=skipped
        problem "image $missing cannot be had"
        return
    fi
    original=FAILED
    copy_case && build "${builders%% *}" original "$tmp/old" && run_original || return
    original=ok buildkit=FAILED
    ask_unroot
    check_verdict && check_fix || return
    if is_rewritten; then
        results_of_buildkit
        classic=$(result_of classic)
        buildah=$(result_of buildah)
    elif [ ! -s "$tmp/problems" ]; then
        buildkit=declined classic=declined buildah=declined restricted=declined
    fi
}

line() { printf '%-22s %-8s %-12s %-9s %-9s %-9s %-9s %s\n' "$@"; }

has_failed() { case $original$buildkit$classic$buildah$restricted in *FAILED*) return 0 ;; *) return 1 ;; esac; }

count() {
    case $restricted in
    ok) tight=$((tight + 1)) rewritten=$((rewritten + 1)) ;;
    needs | FAILED) rewritten=$((rewritten + 1)) ;;
    esac
    if has_failed; then
        if [ -n "$(value known)" ]; then known=$((known + 1)); else failed=$((failed + 1)); fi
    elif [ "$original" = skipped ]; then
        skipped=$((skipped + 1))
    else
        ok=$((ok + 1))
    fi
}

# ---- all cases --------------------------------------------------------------------------------

tmp=$(mktemp -d) || exit 2
mkdir "$tmp/empty"
trap finish EXIT
trap 'exit 130' INT TERM
if ! prepare_engine; then
    echo "e2e: skipped, all $# cases: $why"
    exit 0
fi
[ -x "$unroot" ] || { echo "e2e: no program at $unroot (UNROOT=...)" >&2; exit 2; }

try_case() { # NAME
    answer='' announced='' original=- buildkit=- classic=- buildah=- restricted=-
    : > "$tmp/problems"
    : > "$tmp/sizes"
    run_case "$1"
}

# A busy machine makes an engine miss a deadline. What fails twice is broken; what fails once is shown.
try_case_twice() { # NAME
    try_case "$1"
    [ -z "$(value known)" ] && has_failed || return 0
    sed 's/^/      1st try:/' "$tmp/problems" > "$tmp/first-try"
    remove_images
    try_case "$1"
    has_failed || again="$again $1"
    cat "$tmp/first-try" >> "$tmp/problems"
}

ok=0 failed=0 known=0 skipped=0 again="" tight=0 rewritten=0 read_only=false
line case answer user original buildkit classic buildah restricted
for name; do
    try_case_twice "$name"
    line "$name" "${answer:--}" "${announced:--}" "$original" "$buildkit" "$classic" "$buildah" "$restricted"
    cat "$tmp/problems"
    cat "$tmp/sizes"
    # shellcheck disable=SC2046 # paths, in one line
    [ "$restricted" != needs ] || echo "      needs, with a read-only root:" $(values needs)
    [ -z "$(value known)" ] || echo "      known: $(value known)"
    if has_failed; then { echo "--- $name"; cat "$tmp/problems"; } >> "$tmp/failures"; fi
    count
    remove_images
done
# Once more where the end of a log is all that is kept.
[ $failed = 0 ] || cat "$tmp/failures"
[ -z "$again" ] || echo "e2e: failed the first time and not the second:$again"
echo "e2e: $tight of $rewritten rewritten images also work with a read-only root as they are"
echo "e2e: $ok ok, $failed failed, $known known to fail, $skipped skipped" \
    "(engine $(engine version -f '{{.Server.Version}}'); builders: $builders)"
[ $failed = 0 ]
