#!/usr/bin/env bats
# Many repositories: what is written, what is left alone, what is remembered.
load helper

people() {
    export GIT_AUTHOR_NAME='A U Thor' GIT_AUTHOR_EMAIL=a@example.com GIT_COMMITTER_NAME='C O Mitter' \
        GIT_COMMITTER_EMAIL=c@example.com XDG_CACHE_HOME=$BATS_TEST_TMPDIR/cache
}

# A work tree NAME with a Dockerfile that is rewritten.
repo() {
    people
    git init -q -b main "$1"
    node "$1/Dockerfile"
    echo '//' >"$1/server.js"
    git -C "$1" add .
    git -C "$1" commit -qm "first commit"
}

tip() { # REPO [REF]
    git -C "$1" rev-parse --verify -q "${2:-refs/heads/unroot/harden}"
}

change() { # REPO: a new commit on main
    date +%N >"$1/change"
    git -C "$1" add .
    git -C "$1" commit -qm change
}

@test "a branch with one commit, and nothing else" {
    repo a
    u migrate a
    is_status 0
    no_output
    [ "$(git -C a rev-list --count main..unroot/harden)" = 1 ] || fail
    git -C a show unroot/harden:Dockerfile >out
    hardened out
    [ "$(git -C a symbolic-ref HEAD)" = refs/heads/main ] || fail
    [ -z "$(git -C a status --porcelain)" ] || fail
    [ "$(git -C a log -1 --format='%an %ae %cn' unroot/harden)" = 'A U Thor a@example.com C O Mitter' ] || fail
    [ "$(git -C a log -1 --format=%ct main)" = "$(git -C a log -1 --format=%ct unroot/harden)" ] || fail
    git -C a log -1 --format=%B unroot/harden | grep -q 'nonroot-user: runs as root' || fail
    u migrate a
    is_status 0
    [ "$(git -C a rev-list --count main..unroot/harden)" = 1 ] || fail
}

@test "the message has no lines that are too long and says what is assumed" {
    repo a
    printf 'FROM nginx:1.27\nCOPY nginx.conf /etc/nginx/nginx.conf\n' >a/Dockerfile
    printf 'events {}\nhttp { server { listen 80; root /usr/share/nginx/html; } }\n' >a/nginx.conf
    git -C a add .
    git -C a commit -qm nginx
    u migrate --unsafe-fixes a
    is_status 0
    git -C a log -1 --format=%B unroot/harden >message
    awk 'length > 72 { exit 1 }' message || fail
    grep -q 'This assumes:' message || fail
}

@test "author, name of the branch, branch that is read" {
    repo a
    git -C a checkout -q -b release
    node a/more/Dockerfile
    echo '//' >a/more/server.js
    change a
    git -C a checkout -q main
    u migrate a --branch release --to-branch fix/root --author 'Ü Ñ <u@example.com>'
    is_status 0
    [ "$(git -C a rev-list --count release..fix/root)" = 1 ] || fail
    [ "$(git -C a log -1 --format='%an %ae' fix/root)" = 'Ü Ñ u@example.com' ] || fail
    git -C a show fix/root:more/Dockerfile >out
    hardened out
    u migrate a --branch nosuch
    is_status 3
    has stderr "there is no branch 'nosuch'"
}

@test "wrong use" {
    people
    u migrate
    is_status 2
    u migrate a --branch 'a b'
    is_status 2
    u migrate a --to-branch ../x
    is_status 2
    u migrate a --branch main --to-branch main
    is_status 2
    u migrate a --author nobody
    is_status 2
    has stderr "takes 'Name <mail>'"
    u migrate a --in-place --push origin
    is_status 2
    u migrate a --shard 3/2
    is_status 2
    u migrate a --report x
    is_status 2
    unset GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL
    printf '[user]\n\tuseConfigOnly = true\n' >config
    GIT_CONFIG_GLOBAL=$PWD/config u migrate a
    is_status 2
    has stderr 'whose commits are they?'
}

@test "the default branch is that of origin, not what is checked out" {
    repo up
    git clone -q up a
    git -C a checkout -q -b topic
    node a/topic/Dockerfile
    change a
    u migrate a
    is_status 0
    [ "$(git -C a rev-parse unroot/harden~1)" = "$(tip up main)" ] || fail
}

@test "a commit for each rule, the last of which is the whole" {
    repo a
    repo b
    u migrate a
    u migrate --commit-per-rule --patch-dir p b
    is_status 0
    [ "$(git -C b rev-list --count main..unroot/harden)" -gt 1 ] || fail
    [ "$(tip a 'unroot/harden^{tree}')" = "$(tip b 'unroot/harden^{tree}')" ] || fail
    [ "$(git -C b log -1 --format=%s unroot/harden~1)" = 'Run the shipped stage as a numeric non-root user' ] || fail
    git -C b checkout -q main
    git -C b am -q --keep-cr "$PWD"/p/b-*.patch || fail
    [ "$(tip b 'main^{tree}')" = "$(tip b 'unroot/harden^{tree}')" ] || fail
    [ "$(git -C b log --format=%B main)" = "$(git -C b log --format=%B unroot/harden)" ] || fail
}

@test "a branch of somebody else's is left alone" {
    repo a
    git -C a checkout -q -b unroot/harden
    change a
    git -C a checkout -q main
    before=$(tip a)
    u migrate a --state s
    is_status 3
    has stderr "has commits that this journal does not know"
    [ "$(tip a)" = "$before" ] || fail
}

@test "our own branch grows with the one that is read; what people add to it is not lost" {
    repo a
    u migrate a --state s
    first=$(tip a)
    change a
    u migrate a --state s
    is_status 0
    second=$(tip a)
    git -C a merge-base --is-ancestor "$first" "$second" || fail
    git -C a merge-base --is-ancestor main "$second" || fail
    [ "$(git -C a diff --name-only main unroot/harden)" = Dockerfile ] || fail
    u migrate a --state s
    [ "$(tip a)" = "$second" ] || fail
    u migrate a --state s --comments --no-comments
    is_status 0
    [ "$(tip a)" = "$second" ] || fail 'the same files are committed again'
    git -C a checkout -q unroot/harden
    change a
    git -C a checkout -q main
    change a
    third=$(tip a)
    u migrate a --state s
    is_status 3
    [ "$(tip a)" = "$third" ] || fail
}

@test "after it was merged, the branch goes on from there" {
    repo a
    u migrate a --state s
    git -C a merge -q --no-ff -m merge unroot/harden
    node a/new/Dockerfile
    echo '//' >a/new/server.js
    change a
    u migrate a --state s
    is_status 0
    [ "$(git -C a rev-list --count main..unroot/harden)" = 1 ] || fail
}

@test "a branch that is checked out is not moved" {
    repo a
    git -C a branch unroot/harden
    git -C a worktree add -q ../b unroot/harden
    u migrate a
    is_status 3
    has stderr "is checked out"
}

@test "in place: files of a clean work tree" {
    repo a
    repo b
    echo x >>b/server.js
    git clone -q --bare a c.git
    u migrate --in-place a b c.git
    is_status 3
    hardened a/Dockerfile
    ! grep -q USER b/Dockerfile || fail
    has stderr "b: it has changes that are not committed: 'server.js'"
    has stderr 'c.git: --in-place is for work trees'
    [ -z "$(tip a)" ] || fail
}

@test "in place: what is checked out is what is read" {
    repo up
    git clone -q up a
    git -C a checkout -q -b topic
    node a/topic/Dockerfile
    echo '//' >a/topic/server.js
    change a
    u migrate --in-place a
    is_status 0
    hardened a/topic/Dockerfile
}

@test "in place: an interrupted run goes on, and takes its temporary files along" {
    repo a
    u migrate --in-place a --state s
    git -C a checkout -q .
    sqlite3 s 'UPDATE repository SET state = 1' || skip 'needs sqlite3'
    printf 'half' >a/.u0123456789abcdef0123456789abcdef.tmp
    u migrate --in-place a --state s
    is_status 0
    hardened a/Dockerfile
    [ ! -e a/.u0123456789abcdef0123456789abcdef.tmp ] || fail
}

@test "a dry run writes the report and the patches only" {
    repo a
    before=$(find a -type f -exec cksum {} +)
    u migrate --dry-run a --report r.jsonl --patch-dir p
    is_status 0
    [ "$(find a -type f -exec cksum {} +)" = "$before" ] || fail
    [ "$(jq -r .status r.jsonl)" = hardened ] || fail
    git -C a apply --check "$PWD"/p/a-*.patch || fail
}

@test "nothing of a repository is run" {
    repo a
    trap="touch '$PWD/TRAP'; false"
    for hook in reference-transaction pre-commit post-commit pre-push post-checkout; do
        printf '#!/bin/sh\n%s\n' "$trap" >"a/.git/hooks/$hook"
        chmod +x "a/.git/hooks/$hook"
    done
    echo '* filter=evil' >a/.git/info/attributes
    for key in core.fsmonitor core.sshCommand core.gitProxy core.askPass credential.helper filter.evil.clean \
        filter.evil.process gpg.program remote.origin.receivepack remote.origin.vcs; do
        git -C a config "$key" "$trap"
    done
    git -C a config push.gpgSign true
    git init -q --bare to.git
    git -C a config remote.origin.url "$PWD/to.git"
    u migrate a --push "file://$PWD/to.git"
    is_status 0
    [ "$(tip a)" = "$(tip to.git)" ] || fail
    touch a/server.js
    u migrate a --in-place
    [ ! -e TRAP ] || fail 'something was run'
    u migrate a --push origin
    is_status 3
    has stderr "its remote 'origin' is a path"
    git -C a config remote.origin.url "ext::sh -c $trap"
    u migrate a --push origin
    is_status 3
    [ ! -e TRAP ] || fail 'something was run'
}

@test "a URL is cloned, found again, and pushed to" {
    repo work
    git clone -q --bare work up.git
    git -C up.git config uploadpack.allowFilter true
    url=file://$PWD/up.git
    u migrate "$url" --push origin --state s --report r.jsonl
    is_status 0
    first=$(tip up.git)
    [ "$(git -C up.git rev-list --count main..unroot/harden)" = 1 ] || fail
    [ "$(jq -r .pushed r.jsonl)" = "$url" ] || fail
    u migrate "$url" --push origin --state s
    has stderr '0 done now, 1 as before'
    change work
    git -C work push -q ../up.git main
    u migrate "$url" --push origin --state s
    is_status 0
    git -C up.git merge-base --is-ancestor "$first" unroot/harden || fail
    git -C up.git merge-base --is-ancestor main unroot/harden || fail
    rm -r "$XDG_CACHE_HOME"
    change work
    git -C work push -q ../up.git main
    u migrate "$url" --push origin --state s
    is_status 0
    git -C up.git merge-base --is-ancestor main unroot/harden || fail
    [ "$(git -C up.git fsck 2>&1)" = '' ] || fail "$(git -C up.git fsck 2>&1)"
    [ -z "$(find "$XDG_CACHE_HOME" -name '*.part' -o -name 'push-*')" ] || fail
}

@test "URLs that lead nowhere, or somewhere else" {
    people
    u migrate "file://$PWD/nosuch.git" "ext::sh -c 'touch TRAP'" 'foo://bar/baz' 'https://user:secret@host.invalid/x.git' --timeout 20
    is_status 3
    has stderr "it can't be cloned"
    has stderr 'URLs of that kind are not taken'
    has_not stderr secret
    [ ! -e TRAP ] || fail
}

@test "a limit of time a repository does not stop the others" {
    repo a
    mkdir slow.git
    mkfifo slow.git/HEAD
    mkdir slow.git/objects slow.git/refs
    u migrate a slow.git --timeout 2
    is_status 3
    [ -n "$(tip a)" ] || fail
}

@test "lists: remarks, NULs, each once" {
    repo a
    repo 'b c'
    printf '# remark\na\n\n./a/\nb c\r\n' >list
    u migrate --repos list --report r.jsonl
    is_status 0
    [ "$(jq -r .repository r.jsonl)" = "a
b c" ] || fail
    printf 'a\0b c\0' | u migrate --repos - -0 --report r2.jsonl
    cmp r.jsonl r2.jsonl
}

@test "shards are parts of the list, and their reports can be merged" {
    for n in 1 2 3 4 5 6 7; do repo "r$n"; done
    ls -d r? >list
    u migrate --repos list --report all.jsonl --report all.html --state all.db
    is_status 0
    for k in 1 2 3; do
        u migrate --repos list --shard $k/3 --report "part$k.jsonl" --report "part$k.html" --state "part$k.db"
        is_status 0
    done
    [ "$(cat part?.jsonl | wc -l)" = 7 ] || fail
    u report merge part?.jsonl -o merged.jsonl
    is_status 0
    cmp merged.jsonl all.jsonl
    u report merge part?.db --state merged.db --report merged2.jsonl --report merged.html
    is_status 0
    cmp merged2.jsonl all.jsonl
    cmp merged.html all.html
    u migrate --repos list --state merged.db
    has stderr '0 done now, 7 as before'
    JOB_COMPLETION_INDEX=1 u migrate --repos list --shard 3 --report index.jsonl
    cmp index.jsonl part2.jsonl
    u migrate --repos list --shard 3
    is_status 2
    has stderr JOB_COMPLETION_INDEX
}

@test "another version, other options or a new commit is done again, and nothing else" {
    repo a
    repo b
    u migrate a b --state s
    has stderr '2 done now'
    u migrate a b --state s --report r.html
    has stderr '2 done now' # the journal has no part of this report yet
    u migrate a b --state s --report r.html
    has stderr '0 done now, 2 as before'
    change b
    u migrate a b --state s
    has stderr '1 done now, 1 as before'
    u migrate a b --state s --comments
    has stderr '2 done now'
}

@test "a journal is for one run at a time, and only ours" {
    repo a
    echo 'no database' >text
    u migrate a --state text
    is_status 2
    has stderr "the journal 'text' can't be used"
    u migrate a --state nosuch/s
    is_status 2
}

@test "what the repository's configuration says holds" {
    repo a
    echo 'ignore: "old/**"' >a/.unroot.yaml
    node a/old/Dockerfile
    mkdir -p a/b
    echo 'nosuch: 1' >a/b/.unroot.yaml
    node a/b/Dockerfile
    change a
    u migrate a --report r.jsonl
    is_status 3
    [ "$(git -C a diff --name-only main unroot/harden)" = Dockerfile ] || fail
    jq -e '.files[] | select(.path == "b/Dockerfile").error | contains("unknown key")' r.jsonl >/dev/null || fail
    jq -e '.skipped[] | select(.path == "old/Dockerfile")' r.jsonl >/dev/null || fail
}

@test "the job of docs/migrate runs, part by part, and again" {
    for n in 1 2 3 4; do
        repo "w$n"
        git clone -q --bare "w$n" "up$n.git"
        echo "file://$PWD/up$n.git"
    done >repos.txt
    job=$BATS_TEST_DIRNAME/../../docs/migrate/job.yaml
    sed -n '/- |/,/env:/p' "$job" | sed '1d;$d' | sed "s,/work/,$PWD/,; s,/repos/,$PWD/,; s,--shard 16,--shard 3," >script
    mkdir bin
    ln -s "$UNROOT" bin/unroot
    for index in 0 1 2 1; do
        PATH=$PWD/bin:$PATH JOB_COMPLETION_INDEX=$index run --separate-stderr sh script
        is_status 0
    done
    has stderr '0 done now'
    for n in 1 2 3 4; do
        [ -n "$(tip "up$n.git")" ] || fail
        [ "$(git -C "up$n.git" log -1 --format=%an unroot/harden)" = 'Platform team' ] || fail
    done
    [ "$(cat part-?.jsonl | wc -l)" = 4 ] || fail
    u report merge part-?.db --state all.db --report all.jsonl
    is_status 0
    [ "$(wc -l <all.jsonl)" = 4 ] || fail
}

@test "the program that multi-gitter and its like run in a checkout" {
    repo a
    broken a/x/Dockerfile
    change a
    mkdir bin
    ln -s "$UNROOT" bin/unroot
    line=$(sed -n 's/^turbolift foreach -- //p' "$BATS_TEST_DIRNAME/../../docs/migrate/turbolift.sh")
    cd a
    PATH=$PWD/../bin:$PATH run --separate-stderr bash -c "$line"
    is_status 0
    no_output
    [ "$(git status --porcelain)" = ' M Dockerfile' ] || fail
}

@test "a NUL in a file is counted and merged as others are" {
    repo a
    printf '# \0\n' >>a/Dockerfile
    change a
    u migrate a --report r.jsonl
    grep -q '\\u0000' r.jsonl || fail 'the report has no NUL: this test tests nothing'
    [[ $stderr =~ repositories\ +1 ]] || fail
    u report merge r.jsonl -o out
    is_status 0
    cmp r.jsonl out
}

@test "merging: the later of two lines stays; other files are refused" {
    repo a
    u migrate a --report 1.jsonl --dry-run
    u migrate a --report 2.jsonl
    u report merge 1.jsonl 2.jsonl -o out
    is_status 0
    cmp out 2.jsonl
    u report merge 2.jsonl
    is_status 0
    [ "$output" = "$(cat 2.jsonl)" ] || fail
    echo '{"path":"x"}' >3.jsonl
    u report merge 2.jsonl 3.jsonl
    is_status 3
    has stderr '3.jsonl:1: no line of a report of migrate'
    u report merge 2.jsonl --state s
    is_status 3
    u report merge 2.jsonl --report x.html
    is_status 3
    has stderr 'has nothing on'
    u report merge
    is_status 2
    u report nosuch x
    is_status 2
}
