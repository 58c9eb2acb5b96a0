#!/bin/sh
# `make setup` (tools/setup.sh) and the further needs of `make test` (tools/setup.sh dev): a virtual environment with
# hash-locked packages, the system's libraries that WeasyPrint draws with, and the design system. Quick the second time.
set -eu
cd "$(dirname "$0")/.."
wanted=${1:-run}

# What a person's shell may carry and what would send pip past the virtual environment. The rest of her pip
# configuration (index, proxy, certificates) stays hers.
unset PYTHONHOME PYTHONPATH PIP_TARGET PIP_PREFIX PIP_REQUIRE_VIRTUALENV
export PIP_USER=0 PIP_DISABLE_PIP_VERSION_CHECK=1

say() { printf '%s\n' "$*" >&2; }
stop() { say "make setup: $*"; exit 1; }

# --- system packages ------------------------------------------------------------------------------------------------
as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}
can_install() {
    command -v apt-get >/dev/null 2>&1 || return 1
    [ "$(id -u)" = 0 ] || sudo -n true >/dev/null 2>&1
}
# Install the named Debian packages, or say the one line to type and return 1.
packages() {
    if can_install; then
        say "Installing: $*"
        as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=180 update >/dev/null 2>&1 || true
        as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=180 \
            install --no-install-recommends "$@" >/dev/null </dev/null && return 0
        say "apt-get could not install them. Once it can, this line does it:"
    else
        say "These system packages are missing: $*. This line installs them on Debian and Ubuntu:"
    fi
    say "    sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
    return 1
}

# --- Python ---------------------------------------------------------------------------------------------------------
usable() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' >/dev/null 2>&1; }
with_venv() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }
find_python() {
    found=
    for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
        usable "$candidate" || continue
        [ -n "$found" ] || found=$candidate
        if with_venv "$candidate"; then found=$candidate && return 0; fi
    done
    return 1
}

if ! { [ -x .venv/bin/python ] && usable .venv/bin/python && .venv/bin/python -m pip --version >/dev/null 2>&1; }; then
    if ! find_python; then
        if [ -n "$found" ]; then
            version=$("$found" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
            packages "python$version-venv" || stop "install them, then type make again."
        else
            packages python3 python3-venv || stop "the portal needs Python 3.11, 3.12 or 3.13; install one, then type make again."
        fi
        find_python || stop "the portal needs Python 3.11, 3.12 or 3.13 with its venv module. PYTHON=... names one."
    fi
    say "Making .venv with $("$found" --version)."
    "$found" -m venv --clear .venv
fi
python=.venv/bin/python

# --- Python packages ------------------------------------------------------------------------------------------------
# The mark lies in the virtual environment, so that a new environment is filled again.
if [ "$wanted" = dev ]; then locks="requirements/dev.txt"; else locks="requirements/runtime.txt requirements/embedded.txt"; fi
command -v npm >/dev/null 2>&1 || locks="$locks requirements/node.txt"
mark=.venv/installed-$wanted
digest=$(cat $locks | sha256sum | cut -d' ' -f1)
if [ "$(cat "$mark" 2>/dev/null || true)" != "$digest" ]; then
    say "Installing the Python packages (a few minutes the first time)."
    set --
    for lock in $locks; do set -- "$@" -r "$lock"; done
    "$python" -m pip install --quiet --require-hashes "$@" || stop "pip could not install the packages; it says why above."
    printf '%s\n' "$digest" >"$mark"
fi

# --- what WeasyPrint draws with -------------------------------------------------------------------------------------
missing=$("$python" tools/libraries.py) || stop "tools/libraries.py failed."
if [ -n "$missing" ]; then
    # shellcheck disable=SC2086 # a list of package names
    packages $missing || stop "install them, then type make again."
    missing=$("$python" tools/libraries.py)
    [ -z "$missing" ] || stop "still missing after the installation: $missing."
fi
if [ "$wanted" = dev ] && ! "$python" tools/libraries.py --browser >/dev/null; then
    # Without it the browser tests are skipped and say so; everything else is tested.
    packages chromium || say "Going on without Chromium: the browser tests will be skipped."
fi

# --- the design system ----------------------------------------------------------------------------------------------
# A machine that has the tests' part keeps it: the two ways in turn would build each time.
if [ "$wanted" = dev ] || [ -d node_modules/axe-core ]; then set --; else set -- --production; fi
"$python" tools/front.py "$@"
