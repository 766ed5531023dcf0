#!/bin/sh
# The programs the tests drive, from the system's packages, where they are missing.
set -eu

missing=""
need() { command -v "$1" >/dev/null 2>&1 || missing="$missing $2"; }
need chromium chromium
need pdfsig poppler-utils
need qpdf qpdf
need openssl openssl
need softhsm2-util softhsm2
need cc "gcc libc6-dev"
need soffice "libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"

[ -z "$missing" ] && exit 0
as_root=""
[ "$(id -u)" = 0 ] || as_root="sudo"
echo "Installing:$missing"
$as_root apt-get update -qq
# shellcheck disable=SC2086 — a list of package names
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing
