#!/bin/sh
# Starts a Redis of the ha profile, or a Sentinel that watches them.
#
#   run.sh node|sentinel NAME [ARGUMENT…]     NAME: how the others reach this one; arguments go to redis-server
#
# Both first ask the Sentinels who the primary is. A former primary that came back as one would take writes for the seconds until a
# Sentinel demotes it, and they would be lost: readers would then get older values from the cache.
set -eu
role=$1 name=$2
shift 2
port=${REDIS_PORT:-6379} sentinel_port=${SENTINEL_PORT:-26379} data=${REDIS_DATA:-/data}
primary=${REDIS_FIRST:-redis-1}

for sentinel in ${SENTINELS:-sentinel-1 sentinel-2 sentinel-3}; do
  [ "$sentinel" != "$name" ] || continue
  answer=$(timeout 2 redis-cli -h "$sentinel" -p "$sentinel_port" sentinel get-master-addr-by-name handoff 2>/dev/null | head -n 1) || continue
  # A name or an address, and not the text of an error.
  case $answer in '' | *[!A-Za-z0-9.:-]*) continue ;; esac
  primary=$answer
  break
done
echo "$name: the primary is $primary"

if [ "$role" = sentinel ]; then
  # A Sentinel writes what it learns into its own configuration. Nothing of it has to survive: it asks the others again.
  cat >"$data/sentinel.conf" <<END
port $sentinel_port
dir $data
protected-mode no
sentinel resolve-hostnames yes
sentinel announce-hostnames yes
sentinel announce-ip $name
sentinel announce-port $sentinel_port
sentinel monitor handoff $primary $port 2
sentinel down-after-milliseconds handoff 3000
sentinel failover-timeout handoff 15000
sentinel parallel-syncs handoff 1
END
  exec redis-server "$data/sentinel.conf" --sentinel "$@"
fi

[ "$primary" = "$name" ] || set -- "$@" --replicaof "$primary" "$port"
# Only a cache: nothing is saved, and the oldest entries are evicted.
exec redis-server --port "$port" --dir "$data" --protected-mode no --save '' --appendonly no \
  --maxmemory "${REDIS_MAXMEMORY:-256mb}" --maxmemory-policy allkeys-lru --repl-diskless-load on-empty-db \
  --replica-announce-ip "$name" --replica-announce-port "$port" "$@"
