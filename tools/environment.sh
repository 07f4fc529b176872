# Makes .venv and installs a lock file into it, unless that is done already. Read by run, test and religa.
# Only python3 (3.11 or newer) and pip are assumed: a bare Debian has no python3-venv.
#
# New locks: uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header \
#   -o requirements.lock       and the same with --extra dev -c requirements.lock -o requirements-dev.lock

venv=$root/.venv
export RELIGA_HOME="${RELIGA_HOME:-$root/.religa}"

say() { printf '%s\n' "$*" >&2; }

environment() { # environment LOCK: one at a time, however many start at once
    ( flock 9; make_venv; install_lock "$1" ) 9<"$root"
}

# The system's own comes before another that PATH names: Debian builds it with optimisation, which makes it a fifth
# quicker than what pyenv builds, and keeps it up to date.
find_python() {
    for python in ${PYTHON:-/usr/bin/python3 python3}; do
        "$python" -c 'import sys; sys.version_info < (3, 11) and sys.exit(1)
try: import pip
except ImportError: import ensurepip' 2>/dev/null && return
    done
    say "Religa needs Python 3.11 or newer with pip: set PYTHON to such an interpreter."
    exit 1
}

make_venv() {
    [ ! -x "$venv/bin/python" ] || return 0
    find_python
    say "Making the virtual environment .venv"
    "$python" -m venv "$venv" >/dev/null 2>&1 || "$python" -m venv --clear --without-pip "$venv"
}

install_lock() {
    mark=$venv/$1.installed
    digest=$(sha256sum <"$root/$1")
    [ "$digest" != "$(cat "$mark" 2>/dev/null)" ] || return 0
    say "Installing the Python packages of $1 (about half a minute, once)"
    pip install --quiet --require-hashes -r "$root/$1"
    # Instead of an editable install, which would fetch a build tool that no lock holds.
    echo "$root/src" >"$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/religa.pth"
    echo "$digest" >"$mark"
    # The lock of the tests holds the other one, too.
    [ "$1" = requirements.lock ] || sha256sum <"$root/requirements.lock" >"$venv/requirements.lock.installed"
}

pip() {
    quiet='--disable-pip-version-check --root-user-action=ignore --no-input'
    if "$venv/bin/python" -c 'import pip' 2>/dev/null; then
        "$venv/bin/python" -m pip "$@" $quiet
    else
        find_python
        "$python" -m pip --python "$venv/bin/python" "$@" $quiet
    fi
}
