#!/bin/sh
# Locks the requirements anew: every version with its hashes, and no index address. Needs uv.
set -eu
cd "$(dirname "$0")/.."
lock() { uv pip compile --quiet --generate-hashes --no-header --universal --python-version 3.11 "$@"; }
lock pyproject.toml requirements/build.in -o requirements/run.txt
lock -c requirements/run.txt pyproject.toml requirements/build.in requirements/dev.in -o requirements/dev.txt
