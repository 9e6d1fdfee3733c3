#!/bin/sh
# What the tests need beside Python: a Chromium and a Postgres. Uses what is there; as root on Debian installs the
# rest; elsewhere asks Playwright for its browser and says what is missing. CI=true makes a missing one a failure.
set -eu
venv=${VENV:-.venv}

have_browser() {
  command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
    || "$venv/bin/python" tests/browser/executable.py >/dev/null 2>&1
}
have_postgres() {
  command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1
}
# Playwright drives the browser through its own Node.js, which a bare Debian lacks a library for (libatomic).
have_driver() { "$venv/bin/python" -m playwright --version >/dev/null 2>&1; }
can_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }
install() {
  [ -n "${updated:-}" ] || { apt-get update -qq; updated=yes; }
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    -o Dpkg::Options::=--force-confold "$@" >/dev/null
}

if ! have_browser; then
  if can_apt; then echo "tests: installing Chromium"; install chromium fonts-dejavu-core; else
    "$venv/bin/python" -m playwright install chromium || true
  fi
fi
if ! have_driver && can_apt; then echo "tests: installing libatomic for the browser's driver"; install libatomic1; fi
if ! have_postgres && can_apt; then
  echo "tests: installing Postgres"
  # The tests start their own server; the package's default one is not wanted.
  mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] \
    || echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
  install postgresql
fi
missing=""
have_browser || missing="$missing Chromium"
have_driver || missing="$missing the-browser's-driver"
have_postgres || missing="$missing Postgres"
if [ -n "$missing" ]; then
  echo "tests: missing:$missing" >&2
  [ "${CI:-}" != true ] || exit 1
fi
