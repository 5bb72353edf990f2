/**
 * Recognises variables that Kubernetes (and Docker's legacy links) add to every container for a Service of the namespace: one called `db`
 * gives `DB_PORT=tcp://10.0.0.1:5432`, one called `handoff-http` gives `HANDOFF_HTTP_PORT` and `HANDOFF_HTTP_SERVICE_HOST`. No user set
 * them, so they are neither read nor reported.
 */
export function isServiceLink(name: string, value: string | undefined): boolean {
  if (name.endsWith('_PORT') && /^(?:tcp|udp|sctp):\/\//.test(value ?? '')) return true;
  return /_SERVICE_(?:HOST|PORT)(?:_|$)|_PORT_\d+_(?:TCP|UDP|SCTP)(?:_|$)/.test(name);
}
