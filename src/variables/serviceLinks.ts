/**
 * Variables that Kubernetes (and Docker's old links) put into every container for a Service of the namespace: one called `db` gives
 * `DB_PORT=tcp://10.0.0.1:5432`, one called `handoff` gives `HANDOFF_SERVICE_HOST`. Nobody set them, so they are neither read nor reported.
 */
export function isServiceLink(name: string, value: string | undefined): boolean {
  return /^(?:tcp|udp|sctp):\/\//.test(value ?? '') || /_SERVICE_(?:HOST|PORT)(?:_|$)|_PORT_\d+_(?:TCP|UDP|SCTP)(?:_|$)/.test(name);
}
