import type { Statement } from '../../storage/database.js';

/**
 * Overrides settings of a job; a NULL keeps what there is.
 *
 * $1 name, $2 interval in ms, $3 enabled, $4 retries, $5 delay of a retry in ms.
 */
export const writeJobSettings: Statement = {
  name: 'handoff_write_job_settings',
  text: `
INSERT INTO job_settings AS settings (name, interval_ms, enabled, max_retries, retry_delay_ms)
VALUES ($1, $2::bigint, $3::boolean, $4::int, $5::bigint)
ON CONFLICT (name) DO UPDATE SET
  interval_ms = coalesce(excluded.interval_ms, settings.interval_ms),
  enabled = coalesce(excluded.enabled, settings.enabled),
  max_retries = coalesce(excluded.max_retries, settings.max_retries),
  retry_delay_ms = coalesce(excluded.retry_delay_ms, settings.retry_delay_ms),
  updated_at = now()`,
};
