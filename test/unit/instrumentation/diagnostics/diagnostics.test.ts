import { diag } from '@opentelemetry/api';
import { afterEach, expect, it } from 'vitest';
import { installDiagnostics } from '../../../../src/instrumentation/diagnostics/diagnostics.js';
import { FakeClock } from '../../../../src/testing/fakeClock.js';

afterEach(() => diag.disable());

function installed(level?: string): { readonly lines: string[]; readonly clock: FakeClock } {
  const lines: string[] = [];
  const clock = new FakeClock();
  installDiagnostics(level, (line) => lines.push(line), clock);
  return { lines, clock };
}

it('shows errors only, when no level is set', () => {
  const { lines } = installed();
  diag.warn('w');
  diag.error('not delivered:', 'ECONNREFUSED');
  expect(lines).toEqual(['error: not delivered: ECONNREFUSED']);
});

it('shows a repeated error once a minute', async () => {
  const { lines, clock } = installed();
  for (let index = 0; index < 5; index += 1) diag.error('again');
  await clock.advance(60_000);
  diag.error('again');
  expect(lines).toEqual(['error: again', 'error: again']);
});

it('follows OTEL_LOG_LEVEL and keeps each message on one short line', () => {
  const { lines } = installed('DEBUG');
  diag.debug('items\nto send', { text: 'x'.repeat(1000) });
  expect(lines.at(-1)).toMatch(/^debug: items to send .{300,500}…$/);
});

it('does not pass on what would control a terminal or begin a line, as a receiver may answer it', () => {
  const { lines } = installed();
  diag.error('rejected', '\u001b]0;title\u0007\r{"level":30}\u009b31m\u202e', new Error('\u001b[2J\nforged'));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^error: rejected �\]0;title��\{"level":30\}�31m� Error: �\[2J forged/);
  expect(lines[0]).not.toMatch(/[\p{Cc}\u202e]/u);
});

it('is silent with none', () => {
  const { lines } = installed('none');
  diag.error('e');
  expect(lines).toEqual([]);
});

it('says once, in words, that an SDK was started too late', () => {
  const { lines } = installed();
  for (const api of ['trace', 'metrics', 'logs', 'context'])
    diag.error(`Error: @opentelemetry/api: Attempted duplicate registration of API: ${api}\n    at registerGlobal`);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^error: another OpenTelemetry SDK was started after this one and was refused/);
});
