import type { Statement } from '../../storage/database.js';

/** Whether any alert is known at all. While none is, and this server has none, there is nothing to do. No parameters. */
export const hasAlerts: Statement = {
  name: 'handoff_has_alerts',
  text: 'SELECT EXISTS (SELECT FROM alert_states) OR EXISTS (SELECT FROM alert_breaches) AS present',
};

/** Makes servers take turns: of two that look at the same time, one would not see what the other has just written. */
export const lockAlerts: Statement = {
  name: 'handoff_lock_alerts',
  text: 'LOCK TABLE alert_states IN SHARE ROW EXCLUSIVE MODE',
};

/**
 * Replaces the breaches of one server, forgets those of servers that have not been heard of, and brings the alerts in line: one is raised
 * by the first breach and cleared with the last. Resolves with what has changed, which nobody else is told. Only under `lockAlerts`.
 *
 * $1 server, $2 its breaches, $3 for how long they count without another word, in milliseconds.
 */
export const syncAlerts: Statement = {
  name: 'handoff_sync_alerts',
  text: `
WITH mine AS (
  SELECT * FROM jsonb_to_recordset($2::jsonb) AS item (alert text, scope text, value float8, threshold float8, age_ms float8)
), gone AS (
  DELETE FROM alert_breaches b
  WHERE b.server = $1::text AND NOT EXISTS (SELECT FROM mine m WHERE m.alert = b.alert AND m.scope = b.scope)
    OR b.server <> $1::text AND b.expires_at < now()
  RETURNING b.alert, b.scope, b.server
), kept AS (
  INSERT INTO alert_breaches (alert, scope, server, value, threshold, expires_at)
  SELECT alert, scope, $1::text, value, threshold, now() + make_interval(secs => $3::float8 / 1000) FROM mine
  ON CONFLICT (alert, scope, server) DO UPDATE
    SET value = EXCLUDED.value, threshold = EXCLUDED.threshold, expires_at = EXCLUDED.expires_at
), raised AS (
  INSERT INTO alert_states (alert, scope, started_at)
  SELECT alert, scope, now() - make_interval(secs => age_ms / 1000) FROM mine
  ON CONFLICT (alert, scope) DO NOTHING
  RETURNING alert, scope, started_at
), cleared AS (
  DELETE FROM alert_states s
  WHERE NOT EXISTS (SELECT FROM mine m WHERE m.alert = s.alert AND m.scope = s.scope)
    AND NOT EXISTS (SELECT FROM alert_breaches b
      WHERE b.alert = s.alert AND b.scope = s.scope AND b.server <> $1::text AND b.expires_at >= now())
  RETURNING s.alert, s.scope, s.started_at
), old AS (
  -- As long as measurements are kept.
  DELETE FROM system_events
  WHERE (EXISTS (SELECT FROM raised) OR EXISTS (SELECT FROM cleared)) AND event_type IN ('alert_raised', 'alert_cleared')
    AND created_at < now() - make_interval(secs => (SELECT max(metrics_retention_days) FROM retention_policies) * 86400)
)
SELECT 'raised' AS change, alert, scope, started_at, false AS was_mine FROM raised
UNION ALL
SELECT 'cleared', alert, scope, started_at,
  EXISTS (SELECT FROM gone g WHERE g.alert = cleared.alert AND g.scope = cleared.scope AND g.server = $1::text)
FROM cleared`,
};

export interface AlertChangeRow {
  readonly change: 'raised' | 'cleared';
  readonly alert: string;
  readonly scope: string;
  readonly started_at: Date;
  /** Whether it was a breach of this server that ended it. */
  readonly was_mine: boolean;
}
