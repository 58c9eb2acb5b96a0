#!/bin/sh
# Write requirements/*.txt, the versions and hashes that everybody installs, from requirements/*.in.
# Newest versions: tools/lock.sh --upgrade. Run it with the oldest Python that the portal allows (3.11.2, Debian 12's):
# redis asks for one package more below 3.11.3, and a lock made by a newer one would fail there.
set -eu
cd "$(dirname "$0")/.."
tools=.data/lock-tools
[ -x "$tools/bin/pip-compile" ] || {
    "${PYTHON:-/usr/bin/python3.11}" -m venv "$tools"
    "$tools/bin/pip" install --quiet pip-tools
}
for name in runtime embedded dev node s3; do
    "$tools/bin/pip-compile" --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
        --no-emit-index-url --no-emit-find-links --no-emit-trusted-host "$@" \
        --output-file "requirements/$name.txt" "requirements/$name.in"
done
