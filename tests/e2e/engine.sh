# shellcheck shell=sh disable=SC2034,SC2154 # what run.sh sets and uses
# Part of run.sh: finding the engine and its builders, and leaving nothing behind in it.

# ---- the engine -------------------------------------------------------------------------------

limit=600 # seconds for one command
lab=      # of the lab, when it is used

engine() {
    if [ -n "$lab" ]; then
        timeout -k 5 $limit "$lab" docker "$@"
    else
        timeout -k 5 $limit docker "$@"
    fi
}

find_engine() {
    engine version >/dev/null 2>&1 && return
    lab=${UNROOT_LAB:-$root/../shared/lab/lab}
    [ -x "$lab" ] || { why="no docker engine answers, and there is no lab (\$UNROOT_LAB)"; return 1; }
    engine version >/dev/null 2>&1 && return
    why="no docker engine answers, and the lab is not up (lab up)"
    return 1
}

have_image() { engine image inspect "$1" >/dev/null 2>&1 || engine pull -q "$1" >/dev/null 2>&1; }

find_builders() {
    builders=
    engine buildx version >/dev/null 2>&1 && builders=buildkit
    printf 'FROM scratch\nLABEL a=b\n' > "$tmp/Dockerfile"
    DOCKER_BUILDKIT=0 engine build -q -t "$tag:none" -f "$tmp/Dockerfile" "$tmp/empty" >/dev/null 2>&1 &&
        builders="$builders classic"
    engine rmi "$tag:none" >/dev/null 2>&1
    [ -z "$lab" ] || ! "$lab" buildah version >/dev/null 2>&1 || builders="$builders buildah"
    [ -n "$builders" ] || { why="the engine builds nothing"; return 1; }
}

prepare_engine() {
    find_engine || return
    have_image "$looker" || { why="image $looker, which looks into the others, cannot be had"; return 1; }
    find_builders
}

# ---- tidying up -------------------------------------------------------------------------------

remove_container() { engine rm -f -v "$tag-$1" >/dev/null 2>&1; }

# The classic builder leaves each step behind as an image. Those that have no name and no image on top
# of them go, until there are none.
remove_steps() {
    cat "$tmp"/build-*.log 2>/dev/null | sed -n 's/^ ---> \([0-9a-f]\{12\}\)$/\1/p' | sort -u > "$tmp/steps"
    removed=true
    while $removed; do
        removed=false
        while read -r id; do
            [ "$(engine image inspect -f '{{len .RepoTags}}' "$id" 2>/dev/null)" = 0 ] || continue
            engine rmi "$id" >/dev/null 2>&1 && removed=true
        done < "$tmp/steps"
    done
}

remove_images() {
    for what in original buildkit classic buildah; do
        engine rmi "$tag:$what" >/dev/null 2>&1
    done
    case " $builders " in *" buildah "*) "$lab" buildah rmi "$tag:buildah" >/dev/null 2>&1 ;; esac
    remove_steps
}

finish() {
    trap - EXIT INT TERM
    remove_container run
    remove_container look
    remove_images
    rm -rf "$tmp"
}
