#!/bin/sh
# `make test`: each check stops the run with its own message; pytest's closing line comes last.
set -eu
cd "$(dirname "$0")/.."
bin=.venv/bin
$bin/ruff check .
$bin/ruff format --check --quiet .
find templates partnership -name '*.html' -print0 | xargs -0 -r $bin/djade --check --target-version 5.2
$bin/lint-imports --no-cache
# One more than there are cores: while one waits for the database or a page, another goes on.
exec $bin/python -m pytest -n "${TEST_WORKERS:-$(($(nproc 2>/dev/null || echo 2) + 1))}" --dist worksteal -q
