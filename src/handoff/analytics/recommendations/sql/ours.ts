import type { Statement } from '../../../storage/database.js';

/** Live sessions of each policy, and those of them that are dormant; the first million. */
export const countByPolicy: Statement = {
  name: 'handoff_count_by_policy',
  text: `
SELECT COALESCE(s.retention_policy, 'standard') AS policy, count(*)::float8 AS live, count(*) FILTER (WHERE s.is_dormant)::float8 AS dormant
FROM (SELECT retention_policy, is_dormant FROM sessions WHERE status = 'active' AND archived_at IS NULL LIMIT 1000000) AS s
GROUP BY 1`,
};

export interface PolicyCountRow {
  readonly policy: string;
  readonly live: number;
  readonly dormant: number;
}

/** How often alerts were raised, at which figure, and how long they lasted. $1 since when. */
export const readAlertHistory: Statement = {
  name: 'handoff_read_alert_history',
  text: `
SELECT subject AS alert, count(*) FILTER (WHERE event_type = 'alert_raised')::float8 AS raised,
  percentile_cont(0.5) WITHIN GROUP (ORDER BY CASE WHEN event_type = 'alert_raised' AND jsonb_typeof(event_data -> 'value') = 'number'
    THEN (event_data ->> 'value')::float8 END) AS median_value,
  percentile_cont(0.5) WITHIN GROUP (ORDER BY CASE WHEN event_type = 'alert_cleared'
    THEN extract(epoch FROM created_at - (event_data ->> 'startsAt')::timestamptz)::float8 / 60 END) AS median_minutes
FROM system_events
WHERE event_type IN ('alert_raised', 'alert_cleared') AND created_at >= $1
GROUP BY 1`,
};

export interface AlertHistoryRow {
  readonly alert: string;
  readonly raised: number;
  readonly median_value: number | null;
  readonly median_minutes: number | null;
}
