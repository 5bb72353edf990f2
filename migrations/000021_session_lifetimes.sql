-- When a session expires and when it is looked at for dormancy. Constant defaults are stored once in the catalogue: no row is
-- rewritten, and sessions that an earlier server goes on registering get its 24 hours.
--
-- A session is due when expires_at has passed and it has been idle for ttl_hours. A sweep that finds the first but not the
-- second moves expires_at on, so that activity extends a session's life without writing an indexed column at every call.
-- dormancy_check_at works likewise. ttl_hours is NULL where the time of expiry was set by hand: activity does not move that.
ALTER TABLE sessions
  ADD COLUMN IF NOT EXISTS ttl_hours double precision DEFAULT 24,
  ADD COLUMN IF NOT EXISTS dormancy_check_at timestamptz NOT NULL DEFAULT '-infinity';
