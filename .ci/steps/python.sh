#!/usr/bin/env bash
# The S3 server of the tests is a Python program, which they install by pip into a cache folder. Makes sure that pip is there.
set -euo pipefail
python3 -m pip --version 2>/dev/null && exit 0
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo 'python3 with pip is needed: install both' >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get -qq -o Acquire::Retries=2 -o Acquire::http::Timeout=30 update
apt-get -qq -y -o Dpkg::Use-Pty=0 install --no-install-recommends python3-pip >/dev/null
python3 -m pip --version
