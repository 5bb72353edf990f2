import { expect } from 'vitest';
import { descendantsOf, expectLog, expectOneSpan, findSpans } from '../../../src/testing.js';
import type { OtlpReceiver } from '../../../src/testing.js';
import { callRoll } from './call.js';
import type { Program } from './program.js';

/** One call, in one trace with all that it did, and a log record in it; the program ends by the signal as it would without us. */
export async function expectTracedCall(receiver: OtlpReceiver, program: Program, children: readonly string[]): Promise<void> {
  expect(await callRoll(await program.said(/PORT (\d+)/), 6)).toBe('6');
  program.kill('SIGTERM');
  expect(await program.ended).toEqual({ code: null, signal: 'SIGTERM' });
  const spans = receiver.spans();
  const call = expectOneSpan(spans, { name: 'tools/call roll', kind: 'SERVER' });
  expect(descendantsOf(spans, call).map(({ name }) => name)).toEqual(expect.arrayContaining([...children]));
  expect(findSpans(spans, { kind: 'CLIENT' }).filter(({ traceId }) => traceId === call.traceId)).toHaveLength(children.length);
  if (children.includes('SET')) expectLog(receiver.logRecords(), { body: 'rolled', traceId: call.traceId });
  expect(program.stdout()).toBe('');
  expect(program.stderr()).not.toContain('handoff-otel');
}
