#!/usr/bin/env bats
# The instruction list.
load helper

@test "an object with BuildKit's fields" {
    cat >Dockerfile <<'EOF'
# escape=`
# why
FROM --platform=linux/amd64 node:24 AS build
RUN echo a `
    b
COPY --chown=1:1 <<-"X" /x
	body
	X
ENV a=1 b="2 3"
ONBUILD RUN x
CMD ["a", "b"]
EOF
    u parse Dockerfile
    is_status 0
    [ "$(printf '%s\n' "$output" | wc -l)" -eq 1 ]
    j() { printf '%s\n' "$output" | jq -c "$1"; }
    [ "$(j .escape)" = '"`"' ]
    [ "$(j '[.instructions[].cmd]')" = '["from","run","copy","env","onbuild","cmd"]' ] || fail
    [ "$(j '.instructions[0] | [.start, .end, .flags, .args, .prevComment]')" = \
        '[3,3,["--platform=linux/amd64"],["node:24","AS","build"],["why"]]' ] || fail
    [ "$(j '.instructions[1] | [.start, .end, has("flags"), has("json"), has("heredocs")]')" = \
        '[4,5,false,false,false]' ] || fail
    [ "$(j '.instructions[2].heredocs')" = \
        '[{"name":"X","fd":0,"expand":false,"chomp":true,"content":"\tbody\n"}]' ] || fail
    [ "$(j '.instructions[3].args')" = '["a","1","=","b","\"2 3\"","="]' ] || fail
    [ "$(j '.instructions[4].sub | [.cmd, .args, .start]')" = '["run",["x"],0]' ] || fail
    [ "$(j '.instructions[5] | [.json, .args]')" = '[true,["a","b"]]' ] || fail
}

@test "--print gives the file back, byte for byte" {
    printf '\357\273\277FROM a\r\n\r\n  RUN  b \\ \n # c\n\n d\n\377\nCMD x\t' >Dockerfile
    timeout 10 "$UNROOT" parse --print Dockerfile >out
    cmp out Dockerfile
    timeout 10 "$UNROOT" parse --print - <Dockerfile >out
    cmp out Dockerfile
}

@test "bytes that are not UTF-8 become U+FFFD" {
    printf 'FROM a\nRUN \377\376 \303\251\n' >Dockerfile
    u parse Dockerfile
    [ "$(printf '%s\n' "$output" | jq -r '.instructions[1].args[0]')" = $'\xef\xbf\xbd\xef\xbf\xbd \xc3\xa9' ] || fail
}

@test "what is no Dockerfile: 3, with a place" {
    printf '# escape=x\nFROM a\n' >Dockerfile
    u parse Dockerfile
    is_status 3
    no_output
    [[ $stderr =~ ^Dockerfile:[0-9]+:[0-9]+:\  ]] || fail
    : >Dockerfile
    u parse Dockerfile
    is_status 3
}
