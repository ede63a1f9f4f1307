#!/usr/bin/env bash
# Runs `dragnet check` in a workflow. A pull request is asked about what it touches, and an outage is no reason to stop it;
# every other event, such as a nightly run, looks at everything and fails when something could not be told.
set -uo pipefail

arguments=(check --format github)
if [ -n "${SARIF:-}" ]; then
  arguments+=(--format "sarif=$SARIF")
fi
case "${GITHUB_EVENT_NAME:-}" in
  pull_request | pull_request_target) arguments+=(--diff-base auto) ;;
esac
read -r -a more <<<"${ARGUMENTS:-}"

dragnet "${arguments[@]}" ${more[@]+"${more[@]}"}
code=$?
if [ "$code" = 3 ] && [ -n "${GITHUB_BASE_REF:-}" ]; then
  echo "::warning title=dragnet::not everything could be told; the log says what"
  exit 0
fi
exit "$code"
