#!/usr/bin/env bash
# Runs the whole stack, from servers under load to the receivers of alerts, with the core set of faults. It needs the collector, Prometheus and Alertmanager, which the
# steps before it build, and Debian's Prometheus, which it fetches with apt-get into a cache folder without installing it.
set -euo pipefail
cd "$(dirname "$0")/../.."
npm run --silent prove stack-live
