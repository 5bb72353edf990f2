import { HandoffError } from './handoffError.js';

/** The address at which MCP should be served is not available. */
export class AddressUnavailableError extends HandoffError<{ readonly host: string; readonly port: number; readonly reasonCode: string }> {
  override readonly code = 'HANDOFF_ADDRESS_UNAVAILABLE';

  constructor(host: string, port: number, reasonCode: string, cause: unknown) {
    super(`MCP cannot be served at ${host}:${port} (${reasonCode}). ${advice(reasonCode)}`, { host, port, reasonCode }, { cause });
  }
}

function advice(reasonCode: string): string {
  if (reasonCode === 'EADDRINUSE')
    return 'Another process is using the port, perhaps another handoff-otel: end it, or set HANDOFF_HTTP_PORT to a free port, or 0.';
  if (reasonCode === 'EACCES') return 'This user is not allowed to use the port: set HANDOFF_HTTP_PORT to one above 1023.';
  return 'Set HANDOFF_HTTP_HOST to an address of this machine.';
}
