#!/bin/sh
# A campaign of turbolift: repos.txt of the campaign's folder names the repositories, README.md is the text of the pull
# requests.
#     turbolift init --name unroot && cd unroot && $EDITOR repos.txt README.md && sh turbolift.sh
set -eu
turbolift clone
turbolift foreach -- sh -c 'unroot fix -q || [ $? = 3 ]'
turbolift commit --message 'Run containers as a numeric non-root user'
turbolift create-prs
