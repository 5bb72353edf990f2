-- The series that are watched for anomalies, and what their detectors know. A state is about 50 kB, whatever was seen, and there are as
-- many rows as series are watched, which is bounded.
CREATE TABLE analytics_detectors (
  kind varchar(50) NOT NULL,
  -- What of it: an operation or a metric; '' is everything.
  subject varchar(100) NOT NULL,
  -- Every bucket that begins before is judged, once.
  judged_to timestamptz NOT NULL,
  state bytea NOT NULL DEFAULT '',
  -- The last bucket of which there was anything to judge.
  last_bucket_at timestamptz,
  PRIMARY KEY (kind, subject)
);

-- What was found, one row for each episode of a series. No content, no session and no agent.
CREATE TABLE analytics_anomalies (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  kind varchar(50) NOT NULL,
  subject varchar(100) NOT NULL,
  started_at timestamptz NOT NULL,
  detected_at timestamptz NOT NULL,
  ended_at timestamptz,
  -- 'recovered', 'no_rows', 'restarted', 'not_watched'
  end_cause varchar(20),
  -- 'low', 'medium', 'high'
  severity varchar(10) NOT NULL,
  -- 'above', 'below', 'unsteady', 'missing'
  direction varchar(10) NOT NULL,
  score double precision NOT NULL,
  -- The bucket that was furthest from what was expected. NULL where nothing was measured or nothing is known.
  peak_at timestamptz NOT NULL,
  observed double precision,
  expected double precision,
  expected_low double precision,
  expected_high double precision,
  -- Buckets around the beginning: their times, values and counts.
  evidence jsonb NOT NULL,
  -- As W3C traceparents.
  traces text[] NOT NULL DEFAULT '{}',
  UNIQUE (kind, subject, detected_at)
);
CREATE UNIQUE INDEX analytics_anomalies_open_key ON analytics_anomalies (kind, subject) WHERE ended_at IS NULL;
CREATE INDEX analytics_anomalies_started_idx ON analytics_anomalies (started_at);
