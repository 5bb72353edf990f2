-- Rollups. A row of analytics_aggregations is what happened in one bucket of time, for all (dimension '') or for one value of one
-- dimension. Rows of an earlier server keep the granularity '' and stay unique as they were.
ALTER TABLE analytics_aggregations ADD COLUMN IF NOT EXISTS granularity varchar(10) NOT NULL DEFAULT '';
ALTER TABLE analytics_aggregations ADD COLUMN IF NOT EXISTS dimension varchar(30) NOT NULL DEFAULT '';
ALTER TABLE analytics_aggregations ADD COLUMN IF NOT EXISTS dimension_value varchar(255) NOT NULL DEFAULT '';

-- How far each kind is rolled up. Everything before rolled_up_to is in the buckets; nothing before sealed_before can be read again,
-- because its rows were dropped with their partition.
CREATE TABLE analytics_watermarks (
  kind varchar(50) PRIMARY KEY,
  rolled_up_to timestamptz NOT NULL,
  sealed_before timestamptz NOT NULL DEFAULT '-infinity',
  source_rows bigint NOT NULL DEFAULT 0,
  late_rows bigint NOT NULL DEFAULT 0,
  updated_at timestamptz NOT NULL DEFAULT now()
);

-- Times whose buckets have to be made again: rows that came late, were erased or were restored. No key, because writers must not wait
-- for each other; whoever rolls up takes all of a bucket together.
CREATE TABLE analytics_late_rows (
  kind varchar(50) NOT NULL,
  at timestamptz NOT NULL,
  noted_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX analytics_late_rows_idx ON analytics_late_rows (kind, at);

-- What rows that have left their table count for: those of archived sessions, and of deleted ones (session_id NULL). n rows of one measure in one minute with the same labels and in the same slot of a histogram. No content.
CREATE TABLE analytics_facts (
  kind varchar(50) NOT NULL,
  at timestamptz NOT NULL,
  session_id uuid,
  measure varchar(30) NOT NULL,
  labels jsonb NOT NULL,
  slot integer,
  n bigint NOT NULL,
  total double precision,
  low double precision,
  high double precision
);
-- By time first: most rows are of one kind, and comparing names costs the deletion of each entry.
CREATE INDEX analytics_facts_at_idx ON analytics_facts (at, kind);
CREATE INDEX analytics_facts_session_idx ON analytics_facts (session_id) WHERE session_id IS NOT NULL;
