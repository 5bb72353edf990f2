#!/usr/bin/env bash
# Runs the official client in a page of a headless Chromium, against the built server: from an allowed origin, and from a
# disallowed one; then looks at the page of `handoff-otel report --html`, narrow and wide, light and dark. Chromium comes from apt where it is missing.
set -euo pipefail
cd "$(dirname "$0")/../.."

if ! command -v "${CHROMIUM:-chromium}" >/dev/null; then
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo 'Chromium is needed: install the package chromium, or name the program in CHROMIUM' >&2
    exit 1
  fi
  export DEBIAN_FRONTEND=noninteractive
  for attempt in 1 2 3; do
    apt-get -qq -o Acquire::Retries=2 -o Acquire::http::Timeout=30 update && apt-get -qq -y -o Dpkg::Use-Pty=0 install --no-install-recommends chromium >/dev/null && break
    echo "apt could not install chromium (attempt $attempt of 3)"
    sleep $((attempt * 5))
  done
fi
"${CHROMIUM:-chromium}" --version
npm run --silent prove browser
