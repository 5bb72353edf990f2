#!/usr/bin/env bash
# Checks what the later steps need from the machine. Redis comes from apt where that is allowed, since that is quicker;
# otherwise the tests fetch their own, and they always bring their own PostgreSQL.
set -euo pipefail

need() { command -v "$1" >/dev/null || { echo "$1 is needed and was not found on the PATH: $2" >&2; exit 1; }; }
need node 'install Node.js 20 or newer from https://nodejs.org'
need npm 'it comes with Node.js'
need go 'install Go 1.26 or newer from https://go.dev/dl/; the collector is built with it'

node -e 'if (Number(process.versions.node.split(".")[0]) < 20) { console.error(`Node.js 20 or newer is needed to run npm, this is ${process.versions.node}`); process.exit(1) }'
go_version=$(go env GOVERSION)
printf '%s\n' go1.26 "$go_version" | sort -V -C || { echo "Go 1.26 or newer is needed, this is $go_version: install it from https://go.dev/dl/" >&2; exit 1; }
echo "node $(node --version), npm $(npm --version 2>/dev/null), $go_version, $(nproc) cores, user $(id -un)"

if command -v redis-server >/dev/null || [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  exit 0
fi
export DEBIAN_FRONTEND=noninteractive
# The package would start its own server; the tests want only the program.
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  printf '#!/bin/sh\nexit 101\n' >$policy
  chmod +x $policy
  trap 'rm -f $policy' EXIT
fi
for attempt in 1 2 3; do
  if apt-get -qq -o Acquire::Retries=2 -o Acquire::http::Timeout=30 update && apt-get -qq -y -o Dpkg::Use-Pty=0 install --no-install-recommends redis-server >/dev/null; then
    redis-server --version
    exit 0
  fi
  echo "apt could not install redis-server (attempt $attempt of 3)"
  sleep $((attempt * 5))
done
echo 'continuing without it: the tests unpack their own Redis'
