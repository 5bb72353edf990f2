-- What happens to the servers and not to a session: alerts that are raised and cleared, settings that change.
CREATE TABLE system_events (
  -- Made by who writes it, so that one that is written twice is there once.
  id uuid PRIMARY KEY,
  -- 'alert_raised', 'alert_cleared', 'setting_changed'
  event_type varchar(50) NOT NULL,
  -- Name of the alert or of the setting.
  subject varchar(100) NOT NULL,
  -- Server that wrote it.
  server varchar(255) NOT NULL,
  event_data jsonb NOT NULL DEFAULT '{}'::jsonb,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX system_events_created_idx ON system_events (created_at);

-- The alerts that are raised. Who inserts a row tells people that it is raised, and who deletes it tells them that it is over.
CREATE TABLE alert_states (
  alert varchar(100) NOT NULL,
  -- 'service', or the server or host whose figure it is.
  scope varchar(255) NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (alert, scope)
);

-- Which servers measure what raised them. A server that ends without a word is known by expires_at, which the others see.
CREATE TABLE alert_breaches (
  alert varchar(100) NOT NULL,
  scope varchar(255) NOT NULL,
  server varchar(255) NOT NULL,
  value double precision NOT NULL,
  threshold double precision NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (alert, scope, server)
);
