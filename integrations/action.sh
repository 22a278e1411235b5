#!/bin/sh
# action.sh: what action.yml runs. The inputs come as UNROOT_COMMAND, UNROOT_PATHS, UNROOT_ARGS,
# UNROOT_REPORTS (one a line), UNROOT_SUMMARY and UNROOT_FAIL; nothing of them is read by a shell.
set -eu
program=$(sh "$(dirname -- "$0")/program.sh")
case ${UNROOT_COMMAND:=check} in
check | diff | fix) ;;
*)
    echo "::error title=unroot::the command is check, diff or fix"
    exit 2
    ;;
esac

set -- "$UNROOT_COMMAND" --format github
while IFS= read -r line; do
    [ -z "$line" ] || set -- "$@" "$line"
done <<END
${UNROOT_ARGS-}
END
while IFS= read -r line; do
    [ -z "$line" ] || set -- "$@" --report "$line"
done <<END
${UNROOT_REPORTS-}
END
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
summary=
if [ "${UNROOT_SUMMARY:-true}" = true ] && [ -n "${GITHUB_STEP_SUMMARY-}" ]; then
    summary=$work/summary
    set -- "$@" --report "$summary" --report-format pull-request
fi
set -- "$@" --
while IFS= read -r line; do
    [ -z "$line" ] || set -- "$@" "$line"
done <<END
${UNROOT_PATHS:-.}
END

# Messages may begin with the name of a file, and the runner would obey a name such as ::stop.
echo 0 >"$work/status"
{
    { "$program" "$@" 2>&1 >&3 || echo $? >"$work/status"; } |
        sed -e 's/^[[:space:]]*::/unroot: &/' -e 's/##\[/# [/g' >&2
} 3>&1
status=$(cat "$work/status")
[ ! -f "$summary" ] || cat "$summary" >>"$GITHUB_STEP_SUMMARY"
[ -z "${GITHUB_OUTPUT-}" ] || echo "status=$status" >>"$GITHUB_OUTPUT"
# Findings are what `fail` is about; that something could not be handled is always a failure.
[ "$status" -ne 1 ] || [ "${UNROOT_FAIL:-true}" = true ] || status=0
exit "$status"
