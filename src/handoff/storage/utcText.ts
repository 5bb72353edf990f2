/**
 * SQL for a time as text that is the same in every time zone of the database, such as `2026-12-01T08:39:49.518Z`. PostgreSQL's own JSON
 * functions write times in the time zone of the connection.
 *
 * @param time SQL of type timestamptz
 */
export function utcText(time: string): string {
  return `to_char(${time} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
