import { isModern } from '../cells/cell.js';
import type { Cell } from '../cells/cell.js';
import type { Exchange } from '../wire/message.js';

const ACKNOWLEDGED = 'notifications/subscriptions/acknowledged';

/**
 * Whether the SDK's entry wrote a message by itself, from an event instead of a server's `send`: what subscribers of
 * 2026-07-28 get. No server sends them, so they carry no trace context and the server side has neither span nor measurement.
 */
export function writtenByEntry({ exchange, cell }: { readonly exchange: Exchange; readonly cell: Cell }): boolean {
  if (!isModern(cell.sdk) || exchange.sender !== 'server') return false;
  return exchange.method === ACKNOWLEDGED || (cell.transport === 'createMcpHandler' && isAnnouncement(exchange));
}

function isAnnouncement({ method }: Exchange): boolean {
  return method.endsWith('/list_changed') || method === 'notifications/resources/updated';
}
