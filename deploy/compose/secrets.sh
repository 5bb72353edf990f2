#!/bin/sh
# Makes the secrets of docker-compose.yml: random ones where there are none yet. What is there is never changed, so put your own
# values in these files, before or after. The folder is only yours; the files are readable because Compose mounts them as they are,
# for users of the containers whose numbers are not yours.
#
#   deploy/compose/secrets.sh [FOLDER]     FOLDER is deploy/compose/secrets unless given
set -eu
folder=${1:-$(dirname "$0")/secrets}
umask 077
mkdir -p "$folder"

random() { head -c 24 /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }
# $1: the name of the file; the text comes from stdin. Written aside first: an interrupted run leaves no half of a secret.
keep() {
  [ ! -e "$folder/$1" ] || return 0
  cat >"$folder/.$1"
  chmod 0444 "$folder/.$1"
  mv "$folder/.$1" "$folder/$1"
  echo "made $folder/$1"
}

random | keep postgres_password
random | keep grafana_admin_password
# For the role that reads rollups, where deploy/compose/history.yaml is used.
random | keep postgres_reader_password
# A password of your own may hold what means something else in an address (@ / % ?) or in a file of variables (#). Then every byte of
# it is written as %XX; like the containers, this leaves out line ends after it.
in_address() {
  case $1 in
    *[!A-Za-z0-9._~-]*) printf %s "$1" | od -An -v -tx1 | tr -d '\n' | tr ' ' % ;;
    *) printf %s "$1" ;;
  esac
}
# What Node.js reads by --env-file: the variables of the server that hold secrets.
printf 'DATABASE_URL=postgres://handoff:%s@postgres:5432/handoff\nHANDOFF_HTTP_BEARER_TOKEN=%s\n' \
  "$(in_address "$(cat "$folder/postgres_password")")" "$(random)" | keep handoff_env
# Where Alertmanager sends what it has to say. alert-log only prints it: docker compose logs alert-log
for receiver in page ticket dead_mans_switch; do
  printf 'http://alert-log:8080/cgi-bin/notify/%s' "$receiver" | keep "alertmanager_${receiver}_url"
done
