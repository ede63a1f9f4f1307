#!/usr/bin/env bash
# Runs `dragnet check` in a workflow. A pull request is asked about what it touches, and an outage is no reason to stop it;
# every other event, such as a nightly run, looks at everything and fails when something could not be told.
set -euo pipefail

arguments=(check --pipeline --format github)
if [ -n "${SARIF:-}" ]; then
  arguments+=(--format "sarif=$SARIF")
fi
read -r -a more <<<"${ARGUMENTS:-}"

exec dragnet "${arguments[@]}" ${more[@]+"${more[@]}"}
