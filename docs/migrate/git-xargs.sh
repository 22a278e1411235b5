#!/bin/sh
# git-xargs: repos.txt has lines of ORGANIZATION/REPOSITORY. GITHUB_OAUTH_TOKEN has to be set.
#     sh git-xargs.sh repos.txt
set -eu
git-xargs --repos "$1" \
    --branch-name unroot-harden \
    --commit-message 'Run containers as a numeric non-root user' \
    --pull-request-title 'Run containers as a numeric non-root user' \
    sh -c 'unroot fix -q || [ $? = 3 ]'
