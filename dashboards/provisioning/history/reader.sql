-- The role with which Grafana reads the rollups, for the board "Analytics history": it sees this one view and nothing of sessions. Run it as
-- the owner of the database of the handoff server, once it is there; it may be repeated. Then give the role a password:
--   psql "$DATABASE_URL" -f reader.sql -c '\password handoff_reader'
DO $$
BEGIN
  CREATE ROLE handoff_reader LOGIN;
EXCEPTION WHEN duplicate_object THEN NULL;
END
$$;
-- A board that asks for too much must not slow down the servers.
ALTER ROLE handoff_reader CONNECTION LIMIT 5;
ALTER ROLE handoff_reader SET default_transaction_read_only = on;
ALTER ROLE handoff_reader SET statement_timeout = '15s';
GRANT SELECT ON analytics_buckets TO handoff_reader;
