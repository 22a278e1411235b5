#!/usr/bin/env bats
# Manifests and Compose files beside the Dockerfiles that they run.
load helper

# The image web, built by a Makefile from web/Dockerfile; it listens on port 80.
site() {
    mkdir -p web k8s
    printf 'FROM nginx:1.27\nCOPY index.html /usr/share/nginx/html/\n' >web/Dockerfile
    echo hello >web/index.html
    printf 'image:\n\tdocker build -t acme/web:1 web\n' >Makefile
}

# deployment FILE IMAGE [LINE…]: more lines of the container.
deployment() {
    local file=$1 image=$2
    shift 2
    mkdir -p "$(dirname "$file")"
    {
        printf 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  selector:\n'
        printf '    matchLabels:\n      app: web\n  template:\n    metadata:\n      labels:\n'
        printf '        app: web\n    spec:\n      containers:\n        - name: web\n'
        printf '          image: %s\n' "$image"
        [ $# -eq 0 ] || printf '          %s\n' "$@"
    } >"$file"
}

service() {
    printf 'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  selector:\n    app: web\n' >"$1"
    printf '  ports:\n    - port: 80\n' >>"$1"
}

built_by_make() { # NAME FOLDER
    printf 'image:\n\tdocker build -t %s %s\n' "$1" "$2" >Makefile
}

paths() {
    printf '%s\n' "$output" | jq -r .path | tr '\n' ' '
}

names() { # the files that the patch changes
    printf '%s\n' "$output" | sed -n 's,^+++ b/,,p' | tr '\n' ' '
}

@test "a port that moves does so in Dockerfile, pod and Service, in one patch" {
    site
    deployment k8s/web.yaml acme/web:1 'ports:' '  - containerPort: 80'
    service k8s/svc.yaml
    u diff --unsafe-fixes
    is_status 1
    [ "$(names)" = 'web/Dockerfile k8s/svc.yaml k8s/web.yaml ' ] || fail
    has output '+            - containerPort: 8080'
    has output '+      targetPort: 8080'
    has output '+        runAsUser: 101'
    printf '%s\n' "$output" >../patch
    git apply --check ../patch
    u fix --unsafe-fixes
    is_status 0
    grep -q nginx-unprivileged web/Dockerfile
    u diff --unsafe-fixes
    is_status 0
    no_output
}

@test "a manifest that can't follow keeps the port where it is" {
    site
    deployment k8s/web.yaml acme/web:1 'ports:' '  - containerPort: 80' '  - containerPort: 8080'
    service k8s/svc.yaml
    before=$(cat web/Dockerfile k8s/svc.yaml)
    u fix --unsafe-fixes
    is_status 3
    has stderr "'web/Dockerfile' moves a port, and 'k8s/web.yaml' can't be changed with it"
    [ "$(cat web/Dockerfile k8s/svc.yaml)" = "$before" ] || fail
    u diff --unsafe-fixes
    is_status 3
    has_not output web/Dockerfile
}

@test "all that moves together is written, or nothing" {
    need_root
    site
    deployment k8s/web.yaml acme/web:1 'ports:' '  - containerPort: 80'
    service k8s/svc.yaml
    before=$(cat web/Dockerfile k8s/*)
    chattr +i k8s/web.yaml 2>/dev/null || skip 'no file that root may not write'
    u fix --unsafe-fixes
    chattr -i k8s/web.yaml
    is_status 3
    [ "$(cat web/Dockerfile k8s/*)" = "$before" ] || fail
}

@test "by default, only what runs an image from here is changed" {
    node web/Dockerfile
    built_by_make acme/web web
    deployment k8s/web.yaml acme/web
    deployment k8s/other.yaml acme/other
    printf 'a: b\n' >values.yaml
    u diff --format json
    [ "$(paths)" = 'web/Dockerfile k8s/web.yaml ' ] || fail
    u diff --format json --kubernetes on
    [ "$(paths)" = 'web/Dockerfile k8s/other.yaml k8s/web.yaml ' ] || fail
    u diff --format json --kubernetes off
    [ "$(paths)" = 'web/Dockerfile ' ] || fail
    printf 'kubernetes: off\n' >.unroot.yaml
    u diff --format json
    [ "$(paths)" = 'web/Dockerfile ' ] || fail
    u diff --format json k8s/other.yaml
    [ "$(paths)" = 'k8s/other.yaml ' ] || fail
}

@test "a manifest alone is judged by its Dockerfile as it is" {
    node web/Dockerfile
    built_by_make acme/web web
    deployment k8s/web.yaml acme/web
    u check k8s/web.yaml
    is_status 1
    has output 'image will run as root'
    u fix web/Dockerfile
    u diff k8s/web.yaml
    is_status 1
    has output '+        runAsUser: 1000'
    [ "$(names)" = 'k8s/web.yaml ' ] || fail
}

@test "the image is said on the command line or in the configuration" {
    node web/Dockerfile
    deployment k8s/x.yaml reg.example.org/acme/frontend:3
    u diff --format json
    [ "$(paths)" = 'web/Dockerfile ' ] || fail
    u diff --image reg.example.org/acme/frontend=web/Dockerfile
    has output '+        runAsUser: 1000'
    printf 'image: [reg.example.org/acme/frontend=web/Dockerfile]\n' >.unroot.yaml
    u diff
    has output '+        runAsUser: 1000'
    u diff --image frontend
    is_status 2
    has stderr '--image takes NAME=DOCKERFILE'
    u diff --image 'A B=web/Dockerfile'
    is_status 2
}

@test "a guess by the folder's name is a review" {
    node web/Dockerfile
    deployment k8s/x.yaml reg.example.org/acme/web:3
    u check
    has output "rests on: 'reg.example.org/acme/web' is built from 'web/Dockerfile'"
    u diff
    has_not output runAsUser
    u diff --unsafe-fixes
    has output '+        runAsUser: 1000'
}

@test "two Dockerfiles of one image: neither is taken" {
    node a/Dockerfile
    node b/Dockerfile
    printf 'x:\n\tdocker build -t acme/web a\n\tdocker build -t acme/web b\n' >Makefile
    deployment k8s/x.yaml acme/web
    u check k8s/x.yaml
    has stderr "'a/Dockerfile' (Makefile:2) and 'b/Dockerfile' (Makefile:3) may both be its Dockerfile"
    u diff --format json
    [ "$(paths)" = 'a/Dockerfile b/Dockerfile ' ] || fail
}

@test "links and other files are left alone" {
    node web/Dockerfile
    built_by_make acme/web web
    deployment outside/web.yaml acme/web
    mkdir k8s
    ln -s ../outside/web.yaml k8s/web.yaml
    mkfifo k8s/pipe.yaml
    u diff --format json k8s web
    [ "$(paths)" = 'web/Dockerfile ' ] || fail
}

@test "standard input" {
    deployment k8s/x.yaml nginxinc/nginx-unprivileged:1.27
    run --separate-stderr "$UNROOT" fix --kubernetes on - <k8s/x.yaml
    is_status 0
    has output 'runAsNonRoot: true'
    run --separate-stderr "$UNROOT" diff --kubernetes on - <k8s/x.yaml
    is_status 1
    has output '+++ b/manifest.yaml'
}

# What the kubelet says, for both images and with and without the two fields.
@test "predictions for nginx and nginx-unprivileged" {
    for image in nginx:1.27 nginxinc/nginx-unprivileged:1.27; do
        for fields in '' 'runAsNonRoot: true' 'runAsUser: 101' 'runAsNonRoot: true, runAsUser: 101'; do
            deployment x.yaml "$image" "securityContext: {$fields}"
            u check --format json x.yaml
            printf '%s\n' "$output" | jq -r '.objects[0].containers[0] | "\(.kubelet) \(.message // "")"'
        done
    done >../said
    cat >../want <<'END'
starts 
refuses container has runAsNonRoot and image will run as root
starts 
starts 
starts 
starts 
starts 
starts 
END
    cmp ../said ../want || { cat ../said; fail; }
}

@test "a Compose file follows, too" {
    site
    cat >compose.yaml <<'END'
services:
  web:
    build: web
    ports:
      - "80:80" # the site
  db:
    image: postgres:17
END
    u diff --unsafe-fixes
    is_status 1
    [ "$(names)" = 'web/Dockerfile compose.yaml ' ] || fail
    has output '+      - "80:8080" # the site'
    has output '+    user: "101"'
    has output '+    read_only: true'
    u fix --unsafe-fixes
    is_status 0
    grep -q 'image: postgres:17' compose.yaml
    u diff --unsafe-fixes
    is_status 0
}

@test "a Compose file is changed only where its image is known" {
    node app/Dockerfile
    printf 'services:\n  app:\n    build: app\n  x:\n    image: acme/x\n' >compose.yaml
    u fix
    is_status 0
    cat >../want <<'END'
services:
  app:
    build: app
    user: "1000:1000"
    cap_drop:
    - ALL
    security_opt:
    - "no-new-privileges:true"
  x:
    image: acme/x
END
    cmp compose.yaml ../want || { cat compose.yaml; fail; }
}

@test "a level of the standard" {
    deployment x.yaml acme/x 'securityContext: {privileged: true}'
    u check --pss baseline x.yaml
    is_status 1
    has output 'spec.template.spec.containers[0].securityContext.privileged'
    has_not output seccompProfile
    u check --pss restricted x.yaml
    has output seccompProfile
    u check --pss strict x.yaml
    is_status 2
}

@test "labels of a namespace, other kinds, no token" {
    printf 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n' >ns.yaml
    u diff --namespace-labels restricted --pss-version v1.37 ns.yaml
    has output '+    pod-security.kubernetes.io/enforce: restricted'
    has output '+    pod-security.kubernetes.io/enforce-version: v1.37'
    deployment x.yaml nginxinc/nginx-unprivileged:1.27
    sed -e 's,apps/v1,argoproj.io/v1alpha1,' -e 's/kind: Deployment/kind: Rollout/' x.yaml >r.yaml
    u diff --pod-path Rollout=spec.template.spec r.yaml
    has output '+        runAsNonRoot: true'
    u diff --no-service-account-token x.yaml
    has output '+      automountServiceAccountToken: false'
}

@test "the same output for any number of threads" {
    for i in 1 2 3 4 5 6 7 8; do
        mkdir -p "s$i"
        printf 'FROM nginx:1.27\nCOPY index.html /usr/share/nginx/html/\n' >"s$i/Dockerfile"
        echo x >"s$i/index.html"
        deployment "s$i/k8s/web.yaml" "s$i" 'ports:' '  - containerPort: 80'
        service "s$i/k8s/svc.yaml"
    done
    u diff --unsafe-fixes -j1
    one=$output
    u diff --unsafe-fixes -j8
    [ "$output" = "$one" ] || fail
}
