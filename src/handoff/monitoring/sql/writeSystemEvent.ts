import type { Statement } from '../../storage/database.js';

/** Writes one event, once: $1 its id, $2 type, $3 subject, $4 server, $5 data, $6 age in milliseconds. */
export const writeSystemEvent: Statement = {
  name: 'handoff_write_system_event',
  text: `
INSERT INTO system_events (id, event_type, subject, server, event_data, created_at)
VALUES ($1::uuid, $2::text, $3::text, $4::text, $5::jsonb, now() - make_interval(secs => $6::float8 / 1000))
ON CONFLICT (id) DO NOTHING`,
};
