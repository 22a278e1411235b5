#!/bin/sh
# A pull request for each repository of an organization, by multi-gitter: it clones, runs the program in each
# checkout, and commits what changed. GITHUB_TOKEN has to be set.
#     sh multi-gitter.sh ORGANIZATION
set -eu
multi-gitter run "sh -c 'unroot fix -q || [ \$? = 3 ]'" \
    --org "$1" \
    --branch unroot/harden \
    --commit-message 'Run containers as a numeric non-root user' \
    --pr-title 'Run containers as a numeric non-root user' \
    --concurrent 4
