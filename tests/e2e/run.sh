#!/bin/sh
# The end-to-end test: builds small applications before and after `unroot fix`, runs both, and looks at
# what really happens.
#
#   sh tests/e2e/run.sh [-v] [CASE...]      UNROOT=path of the program (default: build/unroot)
#
# A case is a folder beside this file: a Dockerfile, its build context, and a file `case` (README.md says
# what is in it). Nothing is written there: everything happens in a temporary copy. The engine is that of
# `docker`, where one answers; else that of $UNROOT_LAB, or ../shared/lab/lab beside the project. Without
# an engine every case is skipped; without an image, or a builder, what needs it is.
#
# Exit status: 0 when nothing failed, 1 when something did, 2 for wrong usage.
set -u
LC_ALL=C
export LC_ALL BUILDX_NO_DEFAULT_ATTESTATIONS=1 BUILDKIT_PROGRESS=plain
here=$(cd "$(dirname "$0")" && pwd) || exit 2
root=$(cd "$here/../.." && pwd)
unroot=${UNROOT:-$root/build/unroot}
looker=python:3.11-slim # what look.py runs in
verbose=false
ok=0 failed=0 skipped=0

usage() { sed -n '2,13s/^# \{0,1\}//p' "$0"; exit 2; }
while getopts v option; do
    case $option in v) verbose=true ;; *) usage ;; esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || set -- $(cd "$here" && for f in */case; do echo "${f%/case}"; done)
for name; do
    [ -f "$here/$name/case" ] || { echo "e2e: no such case: $name" >&2; exit 2; }
done

# ---- the engine -------------------------------------------------------------------------------

skip_all() { echo "e2e: all $# cases skipped: $why"; exit 0; }

engine_of=docker
limit=600 # seconds for one command
engine() {
    case $engine_of in
    docker) timeout -k 5 $limit docker "$@" ;;
    *) timeout -k 5 $limit "$engine_of" docker "$@" ;;
    esac
}

find_engine() {
    command -v docker >/dev/null 2>&1 && docker version >/dev/null 2>&1 && return 0
    engine_of=${UNROOT_LAB:-$root/../shared/lab/lab}
    if ! [ -x "$engine_of" ]; then
        why="no docker engine answers, and there is no lab (\$UNROOT_LAB)"
    elif ! engine version >/dev/null 2>&1; then
        why="no docker engine answers, and the lab is not up (lab up)"
    else
        return 0
    fi
    return 1
}

# An image that is here, or can be had.
have_image() { engine image inspect "$1" >/dev/null 2>&1 || engine pull -q "$1" >/dev/null 2>&1; }

find_builders() {
    builders=
    engine buildx version >/dev/null 2>&1 && builders=buildkit
    printf 'FROM scratch\nLABEL a=b\n' > "$tmp/Dockerfile"
    DOCKER_BUILDKIT=0 engine build -q -t "$tag:none" -f "$tmp/Dockerfile" "$tmp/empty" >/dev/null 2>&1 &&
        builders="$builders classic"
    engine rmi "$tag:none" >/dev/null 2>&1
}

# ---- tidying up -------------------------------------------------------------------------------

tag=unroot-e2e-$$
tmp=$(mktemp -d) || exit 2
mkdir "$tmp/empty"

remove_container() { engine rm -f -v "$tag-$1" >/dev/null 2>&1; }

# The classic builder leaves each step behind as an image; those that nothing has a name for go.
remove_steps() {
    sed -n 's/^ ---> \([0-9a-f]\{12\}\)$/\1/p' "$tmp"/*.log 2>/dev/null | sort -u > "$tmp/steps"
    for round in 1 2; do
        while read -r id; do
            [ "$(engine image inspect -f '{{len .RepoTags}}' "$id" 2>/dev/null)" = 0 ] &&
                engine rmi "$id" >/dev/null 2>&1
        done < "$tmp/steps"
    done
}

remove_images() {
    engine images -q "$tag" | sort -u | while read -r id; do engine rmi -f "$id" >/dev/null 2>&1; done
    remove_steps
}

finish() {
    trap - EXIT INT TERM
    remove_container run
    remove_container look
    remove_images
    rm -rf "$tmp"
}

# ---- one case ---------------------------------------------------------------------------------

# The values of a key of the case file, one a line.
values() { sed -n "s/^$1[[:blank:]][[:blank:]]*//p" "$folder/case"; }
value() { values "$1" | head -n 1; }

problem() { echo "      $*" >> "$tmp/problems"; }
show() { sed 's/^/        | /' "$1" | tail -n "${2:-12}" | cut -c 1-240 >> "$tmp/problems"; }

build() { # BUILDER TAG FOLDER
    log=$tmp/build-$1-$2.log
    target=$(value target)
    set -- "$1" "$2" "$3" ${target:+--target "$target"}
    how=$1 what=$2 where=$3
    shift 3
    set -- --network host -t "$tag:$what" -f "$where/$file" "$@" "$where"
    case $how in
    buildkit) engine buildx build --load "$@" ;;
    classic) DOCKER_BUILDKIT=0 engine build "$@" ;;
    esac > "$log" 2>&1 && return 0
    problem "$what does not build with $how:"
    show "$log"
    return 1
}

# What the tightest policy of Kubernetes that says nothing of files would do.
restricted() {
    echo "--cap-drop ALL --security-opt no-new-privileges"
    [ "$(value low-ports)" = open ] || echo "--sysctl net.ipv4.ip_unprivileged_port_start=1024"
}

questions() { # for which image: original or rewritten
    values get | while read -r path rest; do echo "get $path"; done
    [ "$1" = rewritten ] || return 0
    values write | sed 's/^/write /'
    values nowrite | sed 's/^/write /'
    values read | sed 's/^/read /'
    printf 'write %s\n' /etc /usr
}

# Engines fail to start a container now and then; what does so twice is broken.
start() { # TAG RUN-OPTIONS...
    started=$1
    shift
    for attempt in first second; do
        engine run -d --network none "$@" --name "$tag-run" "$tag:$started" > "$tmp/started" 2>&1 && return 0
        remove_container run
    done
    problem "$started does not start:"
    show "$tmp/started"
    return 1
}

# Starts image $1, asks what there is to ask, and leaves the answers in $tmp/answers-$1.
serve() { # TAG KIND RUN-OPTIONS...
    what=$1 kind=$2 out=$tmp/answers-$1
    shift 2
    start "$what" "$@" || return 1
    port=$(value port)
    if [ "$kind" = rewritten ] && [ -n "$(value new-port)" ]; then port=$(value new-port); fi
    engine run -i --rm --network "container:$tag-run" --pid "container:$tag-run" --cap-add SYS_PTRACE \
        --user 0:0 --name "$tag-look" "$looker" python3 - "${port:-0}" 20 $(questions "$kind") \
        < "$here/look.py" > "$out" 2> "$tmp/look-errors"
    looked=$?
    engine logs "$tag-run" > "$tmp/container-log" 2>&1
    running=$(engine inspect -f '{{.State.Running}} {{.State.ExitCode}}' "$tag-run" 2>&1)
    remove_container run
    [ "$looked" = 0 ] && [ "${running%% *}" = true ] && return 0
    problem "$what does not stay up (running, exit code: $running):"
    show "$tmp/container-log"
    [ "${running%% *}" = false ] || show "$tmp/look-errors" 3
    return 1
}

# Runs image $1 to its end: output and exit code.
complete() { # TAG KIND RUN-OPTIONS...
    what=$1
    shift 2
    limit=60
    engine run --network none "$@" --name "$tag-run" "$tag:$what" > "$tmp/output-$what" 2> "$tmp/errors" < /dev/null
    code=$?
    limit=600
    remove_container run
    sed '/^uid=/d' "$tmp/output-$what" > "$tmp/plain-$what"
    [ "$code" = "$(value exit)" ] || { problem "$what: exit code $code"; show "$tmp/errors"; return 1; }
    values output > "$tmp/wanted"
    cmp -s "$tmp/wanted" "$tmp/plain-$what" && return 0
    problem "$what says something else:"
    show "$tmp/plain-$what"
    return 1
}

check_answers() { # TAG
    values get | while read -r path wanted; do
        said=$(sed -n "s|^get $path ||p" "$tmp/answers-$1" | head -n 1)
        [ "$said" = "200 $wanted" ] || echo "$1: $path answers '$said', not '200 $wanted'"
    done > "$tmp/wrong"
    while read -r line; do problem "$line"; done < "$tmp/wrong"
    [ -s "$tmp/wrong" ] || return 0
    show "$tmp/container-log" 8
    return 1
}

run_original() {
    if [ -n "$(value exit)" ]; then
        complete original original
    else
        serve original original && check_answers original
    fi
}

# The kubelet: no user, or number 0, is root; a name cannot be verified; else accepted.
kubelet_accepts() {
    number=${1%%:*}
    case $number in '' | *[!0-9]*) return 1 ;; esac
    [ "$number" -ne 0 ]
}

# Who is announced; a number without a group has the group of its account, which is not root's.
split_announced() {
    uid=${announced%%:*} gid='[1-9][0-9]*'
    case $announced in *:*) gid=${announced#*:} ;; esac
}

check_user() { # TAG
    user=$(engine image inspect -f '{{.Config.User}}' "$tag:$1")
    [ "$user" = "$announced" ] || [ "$user" = "${announced%%:*}" ] || { problem "$1: Config.User is '$user', announced was '$announced'"; return 1; }
    kubelet_accepts "$user" || { problem "$1: the kubelet refuses the user '$user'"; return 1; }
}

check_processes() { # TAG
    good=true
    grep -q "^pid1 $uid $gid caps 0*$" "$tmp/answers-$1" ||
        { problem "$1: wanted is 'pid1 $announced' without capabilities, and not the group of root, but there is '$(grep '^pid1' "$tmp/answers-$1")'"; good=false; }
    if grep '^process .* uids.* 0\( \|$\)' "$tmp/answers-$1" > "$tmp/roots"; then
        problem "$1: processes of root:"
        show "$tmp/roots"
        good=false
    fi
    $good
}

check_paths() { # TAG
    good=true
    for path in $(values write); do
        grep -q "^write $path yes$" "$tmp/answers-$1" || { problem "$1: cannot write to $path"; good=false; }
    done
    for path in $(values read); do
        grep -q "^read $path yes$" "$tmp/answers-$1" || { problem "$1: cannot read $path"; good=false; }
    done
    for path in $(values nowrite) /etc /usr; do
        grep -q "^write $path no" "$tmp/answers-$1" || { problem "$1: can write to $path"; good=false; }
    done
    $good
}

run_rewritten() { # TAG
    split_announced
    check_user "$1" || return 1
    if [ -n "$(value exit)" ]; then
        complete "$1" rewritten $(restricted) || return 1
        grep -qx "uid=$uid gid=$gid" "$tmp/output-$1" && return 0
        problem "$1: says it is $(grep '^uid=' "$tmp/output-$1"), not $announced"
        return 1
    fi
    serve "$1" rewritten $(restricted) || return 1
    check_answers "$1"; a=$?
    check_processes "$1"; b=$?
    check_paths "$1"; c=$?
    [ $a$b$c = 000 ]
}

# The field of unroot's report on the shipped stage (the last one that is shipped).
field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$tmp/report.json" | head -n 1; }

rewrite() { # leaves: answer, announced
    options=$(value options)
    (cd "$tmp/new" && "$unroot" check $options --format json "$file") > "$tmp/report.json" 2> "$tmp/said"
    answer=$(sed -n 's/.*"kind":"dockerfile","answer":"\([a-z]*\)".*/\1/p' "$tmp/report.json")
    announced=$(field user_after)
    (cd "$tmp/new" && "$unroot" fix $options "$file") > "$tmp/said" 2>&1 || {
        problem "unroot fix failed:"
        show "$tmp/said"
        return 1
    }
    $verbose && (cd "$tmp" && diff -u "old/$file" "new/$file")
    wanted=$(value answer)
    case ${wanted:=safe} in
    "$answer" | honest) ;;
    *)
        problem "unroot's answer is '$answer', not '$wanted':"
        sed 's/.*"findings"://; s/{"rule"/\n&/g' "$tmp/report.json" > "$tmp/findings"
        show "$tmp/findings"
        return 1
        ;;
    esac
    wanted=$(value user)
    [ -z "$wanted" ] || [ "$wanted" = "$announced" ] ||
        { problem "unroot announces '$announced', not '$wanted'"; return 1; }
    check_rest
}

# Nothing but the Dockerfile was touched, and unroot finds nothing more to do to it.
check_rest() {
    cp -p "$tmp/new/$file" "$tmp/rewritten"
    cp -p "$tmp/old/$file" "$tmp/new/$file"
    diff -r "$tmp/old" "$tmp/new" > "$tmp/said" 2>&1 || { problem "more than the Dockerfile was changed:"; show "$tmp/said"; return 1; }
    cp -p "$tmp/rewritten" "$tmp/new/$file"
    (cd "$tmp/new" && "$unroot" fix $(value options) "$file") > "$tmp/said" 2>&1
    cmp -s "$tmp/rewritten" "$tmp/new/$file" || { problem "a second fix changes it again"; return 1; }
}

missing_image() {
    for image in $(values image); do
        have_image "$image" || { echo "$image"; return; }
    done
}

copy_case() {
    rm -rf "$tmp/old" "$tmp/new" "$tmp"/*.log "$tmp"/answers-* "$tmp"/output-*
    cp -R "$folder" "$tmp/old"
    rm "$tmp/old/case"
    values prepare > "$tmp/prepare"
    (cd "$tmp/old" && sh -e "$tmp/prepare") > "$tmp/said" 2>&1 || { problem "prepare failed:"; show "$tmp/said"; return 1; }
    cp -Rp "$tmp/old" "$tmp/new"
}

report() { # RESULT of each builder …
    printf '%-24s %-8s %-12s %-9s %-9s %s\n' "$name" "${answer:--}" "${announced:--}" "$r_original" "$r_buildkit" "$r_classic"
    [ ! -s "$tmp/problems" ] || cat "$tmp/problems"
}

run_builders() {
    for builder in buildkit classic; do
        result=ok
        only=$(value builders)
        case " ${only:-buildkit classic} " in *" $builder "*) ;; *) result=- ;; esac
        case " $builders " in *" $builder "*) ;; *) result=skipped ;; esac
        if [ $result = ok ]; then
            build $builder $builder "$tmp/new" && run_rewritten $builder || result=FAILED
        fi
        eval "r_$builder=\$result"
    done
}

run_case() {
    name=$1 folder=$here/$1
    file=$(value file)
    file=${file:-Dockerfile}
    answer= announced= r_original=- r_buildkit=- r_classic=-
    : > "$tmp/problems"
    missing=$(missing_image)
    if [ -n "$missing" ]; then
        r_original=skipped
        problem "image $missing is not here and cannot be had"
        return
    fi
    first=${builders%% *}
    if copy_case && build "$first" original "$tmp/old" && run_original; then
        r_original=ok
    else
        r_original=FAILED
        return
    fi
    rewrite || { r_buildkit=FAILED; return; }
    case $answer in
    safe | already) ;;
    review) case " $(value options) " in *" --unsafe-fixes "*) ;; *) r_buildkit=declined; return ;; esac ;;
    *) r_buildkit=declined; return ;;
    esac
    run_builders
}

# ---- all cases --------------------------------------------------------------------------------

if ! find_engine; then
    rm -rf "$tmp"
    skip_all "$@"
fi
trap finish EXIT
trap 'exit 130' INT TERM
[ -x "$unroot" ] || { echo "e2e: no program at $unroot (UNROOT=...)" >&2; exit 2; }
have_image $looker || { why="image $looker, which looks into the containers, is not here and cannot be had"; skip_all "$@"; }
find_builders
[ -n "$builders" ] || { why="the engine builds nothing"; skip_all "$@"; }
printf '%-24s %-8s %-12s %-9s %-9s %s\n' case answer user original buildkit classic
for name; do
    run_case "$name"
    report
    case $r_original$r_buildkit$r_classic in
    *FAILED*) failed=$((failed + 1)) ;;
    skipped*) skipped=$((skipped + 1)) ;;
    *) ok=$((ok + 1)) ;;
    esac
    remove_images
done
echo "e2e: $ok ok, $failed failed, $skipped skipped (engine: $(engine version -f '{{.Server.Version}}'); builders: $builders)"
[ $failed = 0 ]
