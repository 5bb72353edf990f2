#!/bin/sh
# Runs in the container history-reader: see history.yaml. Fails, and is started again, while the server has not made its tables yet.
set -eu
PGPASSWORD=$(cat /run/secrets/postgres_password)
export PGPASSWORD
# The password may be one of yours, with quotes in it. It goes by stdin, where no list of processes shows it.
{
  cat /reader.sql
  printf "ALTER ROLE handoff_reader PASSWORD '%s';\n" "$(sed "s/'/''/g" /run/secrets/postgres_reader_password)"
} | psql --host=postgres --username=handoff --dbname=handoff --quiet --set=ON_ERROR_STOP=1 --single-transaction
echo 'handoff_reader can read the rollups'
