import { describe, expect, it } from 'vitest';
import { renderLogLines } from '../../../../../src/handoff/cli/render/logLines.js';
import { widthOf } from '../../../../../src/handoff/cli/render/width.js';
import { logRecord, nanosAt } from '../../../testing/records.js';
import { HANDOFF_TRACE, serverA, serverB } from './handoffTrace.js';

const logs = [
  logRecord({
    timeUnixNano: nanosAt(40.1),
    severityNumber: 13,
    severityText: 'WARN',
    body: 'tool call failed: the session is not active',
    attributes: { 'error.type': 'SESSION_NOT_FOUND', 'gen_ai.tool.name': 'update_context' },
    ...serverB,
  }),
  logRecord({
    timeUnixNano: nanosAt(19.6),
    body: 'handoff requested',
    eventName: 'handoff.requested',
    attributes: { 'handoff.request.type': 'full', note: 'two words', pid: 4111, trace_id: 'x' },
    ...serverA,
  }),
  logRecord({
    timeUnixNano: 0n,
    observedTimeUnixNano: nanosAt(3.1),
    severityNumber: 5,
    severityText: 'debug',
    body: { entries: 3 },
    ...serverA,
  }),
];

describe('the log lines of a trace', () => {
  it('come by time since its start, with the marks of its waterfall', () => {
    expect(renderLogLines(logs, { trace: HANDOFF_TRACE, columns: 100 }).split('\n')).toEqual([
      '+3.10 ms B DEBUG { entries: 3 }',
      '+19.6 ms B INFO  handoff requested  handoff.requested handoff.request.type=full note="two words"',
      '+40.1 ms C WARN  tool call failed: the session is not active  error.type=SESSION_NOT_FOUND gen_ai.t…',
    ]);
  });

  it('have the time of day when there is no trace to refer to', () => {
    expect(renderLogLines(logs.slice(1, 2), { columns: 40 })).toBe('00:00:00.019 INFO  handoff requested  h…');
  });

  it('keep to the width', () => {
    const widths = renderLogLines(logs, { trace: HANDOFF_TRACE }).split('\n').map(widthOf);
    expect(Math.max(...widths)).toBeLessThanOrEqual(80);
  });

  it('are one line each, whatever is in the message', () => {
    expect(renderLogLines([logRecord({ body: 'a\nb\u001b[31mc\u202e' })], { columns: 60 })).toBe('00:00:00.000 INFO  a b�[31mc�');
  });

  it('show errors in red when colour is asked for', () => {
    expect(renderLogLines([logRecord({ severityNumber: 17, severityText: 'ERROR' })], { colour: true })).toContain(
      '\u001b[91mERROR\u001b[39m',
    );
  });

  it('of nothing say so', () => {
    expect(renderLogLines([])).toBe('No log records.');
  });
});
