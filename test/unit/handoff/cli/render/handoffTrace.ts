import type { SpanRecord } from '../../../../../src/testing.js';
import { spanRecord } from '../../../testing/records.js';

export const fromProcess = (name: string, pid: number): Pick<SpanRecord, 'resource'> => ({
  resource: { attributes: { 'service.name': name, 'process.pid': pid } },
});

export const client = fromProcess('handoff-demo', 4101);
export const serverA = fromProcess('handoff-otel', 4111);
export const serverB = fromProcess('handoff-otel', 4112);
const failed = { status: { code: 'ERROR' }, attributes: { 'error.type': 'tool_error' } } as const;

/** A handoff from one agent's server to another's, with a call that fails: what the demo draws. */
export const HANDOFF_TRACE: readonly SpanRecord[] = [
  spanRecord('1', 0, 42.7, { name: 'demo handoff', ...client }),
  spanRecord('2', 1, 22.2, { parent: '1', name: 'tools/call request_handoff', kind: 'CLIENT', ...client }),
  spanRecord('3', 3, 21.1, { parent: '2', name: 'tools/call request_handoff', kind: 'SERVER', ...serverA }),
  spanRecord('4', 4, 20.2, { parent: '3', name: 'handoff.request', ...serverA }),
  spanRecord('5', 4, 6.1, { parent: '4', name: 'SELECT sessions', kind: 'CLIENT', ...serverA }),
  spanRecord('6', 6, 9.4, { parent: '4', name: 'SELECT context_history', kind: 'CLIENT', ...serverA }),
  spanRecord('7', 10, 10.8, { parent: '4', name: 'handoff.summarise', ...serverA }),
  spanRecord('8', 11, 18.9, { parent: '4', name: 'INSERT handoffs', kind: 'CLIENT', ...serverA }),
  spanRecord('9', 19, 19.0004, { parent: '4', name: 'SET', kind: 'CLIENT', ...serverA }),
  spanRecord('a', 24, 33, { parent: '1', name: 'resources/read', kind: 'CLIENT', ...client }),
  spanRecord('b', 25, 32.2, { parent: 'a', name: 'resources/read', kind: 'SERVER', ...serverB }),
  spanRecord('c', 26, 31.9, { parent: 'b', name: 'handoff.read', ...serverB }),
  spanRecord('d', 27, 30.5, { parent: 'c', name: 'SELECT handoffs', kind: 'CLIENT', ...serverB }),
  spanRecord('e', 35, 42, { parent: '1', name: 'tools/call update_context', kind: 'CLIENT', ...client, ...failed }),
  spanRecord('f', 36, 41, {
    parent: 'e',
    name: 'tools/call update_context',
    kind: 'SERVER',
    ...serverB,
    ...failed,
    status: { code: 'ERROR', message: 'SESSION_NOT_FOUND' },
  }),
];
