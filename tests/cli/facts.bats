#!/usr/bin/env bats
# What is known of images, and importing more.
load helper

inspect() {
    cat <<'EOF'
[{"Id": "sha256:abc", "RepoTags": ["registry.example.com/acme/base:1.2", "registry.example.com/acme/base:latest"],
  "Os": "linux",
  "Config": {"User": "1001:0", "Env": ["PATH=/bin", "GREETING=a \"b\" c", "bad name=x"],
    "ExposedPorts": {"8080/tcp": {}, "8080/udp": {}, "443/tcp": {}}, "Cmd": ["serve", "--all"],
    "Entrypoint": ["/start.sh"], "Volumes": {"/data": {}}, "WorkingDir": "/srv", "OnBuild": null}}]
EOF
}

@test "list: sorted, without doubles" {
    u facts list
    is_status 0
    has output node
    printf '%s\n' "$output" | LC_ALL=C sort -uc
}

@test "what is known of an image is a facts file" {
    u facts node:24-alpine
    is_status 0
    has output 'family: alpine'
    printf '%s\n' "$output" >facts.yaml
    u facts --facts facts.yaml node
    is_status 0
    has output 'family: alpine'
}

@test "nothing is known: 1; not a name: 2" {
    u facts registry.example.com/nobody/knows
    is_status 1
    no_output
    has stderr 'nothing is known'
    u facts 'Not/A Name'
    is_status 2
}

@test "every image that is listed can be shown and read back" {
    "$UNROOT" facts list | grep -v '[*]' | shuf -n 15 --random-source=<(yes) >names
    while read -r name; do
        "$UNROOT" facts "$name" >f.yaml
        "$UNROOT" facts --facts f.yaml "$name" >g.yaml
        diff <(tail -n +2 f.yaml) <(tail -n +2 g.yaml) || fail "$name"
    done <names
}

@test "import: docker image inspect" {
    inspect >i.json
    u facts import i.json
    is_status 0
    has output 'images: [registry.example.com/acme/base]'
    has output 'user: "1001:0"'
    has output 'workdir: /srv'
    has output 'ports: [443, 8080]'
    has output 'volumes: [/data]'
    has output 'entrypoint: [/start.sh]'
    has output 'GREETING: "a \"b\" c"'
    has_not output 'bad name'
    printf '%s\n' "$output" >base.yaml
    printf 'FROM registry.example.com/acme/base:1.2\n' >Dockerfile
    u check --facts base.yaml --format json
    [ "$(printf '%s\n' "$output" | jq -r .answer)" = already ] || fail
    run --separate-stderr timeout 60 "$UNROOT" facts import <i.json
    is_status 0
    run --separate-stderr timeout 60 "$UNROOT" facts import - <i.json
    is_status 0
}

@test "import: an object, podman's and an OCI configuration" {
    inspect | jq '.[0]' >i.json
    u facts import i.json
    is_status 0
    echo '{"architecture": "amd64", "os": "linux", "config": {"User": "app"}, "rootfs": {}}' >oci.json
    u facts import oci.json
    is_status 3
    has stderr '--as IMAGE'
    u facts import --as acme/app:3 oci.json
    is_status 0
    has output 'images: [acme/app]'
    has output 'user: app'
    echo '{"OCIv1": {"os": "linux", "config": {"User": "5"}}, "FromImage": "docker.io/library/x:1"}' >b.json
    u facts import b.json
    is_status 0
    has output 'images: [x]'
    has output 'user: "5"'
}

@test "import: an image that sets nothing is root's" {
    for config in '{}' null '{"User": ""}' '{"User": "root"}' '{"User": "0:0"}'; do
        echo "{\"RepoTags\": [\"a:1\"], \"Config\": $config}" >i.json
        u facts import i.json
        is_status 0
        printf '%s\n' "$output" >f.yaml
        u facts --facts f.yaml a
        has output 'user: root'
    done
}

@test "import: what can't be used" {
    for text in '' 'x' '{}' '[]' '[1]' '"a"' '{"Config": 1}' '[{"Config": {}}, {"Config": {}}]' \
        '{"RepoTags": ["<none>:<none>"], "Config": {}}' '{"RepoTags": ["a"], "Config": {"User": "a b"}}'; do
        printf '%s' "$text" >i.json
        u facts import i.json
        is_status 3
        no_output
        has stderr "cannot import 'i.json': "
    done
    yes '[' | head -c 100000 | tr -d '\n' >i.json
    u facts import i.json
    is_status 3
    u facts import nosuch
    is_status 3
}

@test "hostile texts stay texts" {
    jq -n '{RepoTags: ["a:1"], Config: {User: "u", Env: ["A=\u0001: [", "yes=1", "B=#x", "C=- a", "D=\u001b[31m"], Cmd: ["*x", "&y", "!z", "true", "12", ""]}}' >i.json
    u facts import i.json
    is_status 0
    printf '%s\n' "$output" >f.yaml
    u facts --facts f.yaml a
    is_status 0
    has output 'cmd: ["*x", "&y", "!z", "true", "12", ""]'
}

@test "--facts: a folder, what is in it, and what is not" {
    mkdir f empty
    printf 'images: [acme/a]\nuser: "7"\n' >f/1.yaml
    printf 'images: [acme/a]\nuser: "8"\n' >f/2.yaml
    echo 'x: [' >f/readme.md
    u facts --facts f acme/a
    is_status 0
    has output 'user: "8"'
    u diff --facts empty
    is_status 2
    has stderr "no *.yaml in it"
    u diff --facts nosuch
    is_status 2
    echo 'images: [a' >bad.yaml
    u diff --facts bad.yaml
    is_status 2
    has stderr 'bad.yaml:'
}
