import { describe, expect, it } from 'vitest';
import { startOtlpReceiver } from '../../../../src/testing/otlpReceiver.js';
import { runProcess } from '../instrumentedProcess.js';
import { expectWithin } from '../../../setup/expectWithin.js';

// What listeners of the host for signals and for the end do, and that the last telemetry is delivered nevertheless.

const FLUSH_TIMEOUT_MS = 1000;
/** On top of the bound: Node's own end. */
const SLACK_MS = 1500;

/** With a bound that no delivery to a healthy collector meets, however busy the machine. */
const patient = (endpoint: string) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, HANDOFF_FLUSH_TIMEOUT_MS: '20000' });
const bounded = (endpoint: string) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, HANDOFF_FLUSH_TIMEOUT_MS: String(FLUSH_TIMEOUT_MS) });

describe('a host with its own SIGTERM handler', () => {
  it('decides when and how to end, and what it does meanwhile is delivered', async () => {
    await using receiver = await startOtlpReceiver();
    const code = `
      import { instrument } from './src/instrumentation/instrument.ts';
      const alive = setInterval(() => {}, 1000);
      process.once('SIGTERM', () => setTimeout(() => {
        h.tracer.startSpan('closing').end();
        clearInterval(alive);
        process.exitCode = 3;
      }, 200));
      const h = instrument();
      h.tracer.startSpan('last').end();
      process.stdout.write('READY');`;
    const outcome = await runProcess({ code, env: patient(receiver.url), onReady: (child) => child.kill('SIGTERM') });
    expect(outcome).toMatchObject({ code: 3, signal: null });
    expect(
      receiver
        .spans()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['closing', 'last']);
  });
});

describe('a host with its own beforeExit listener', () => {
  it.each([
    ['a span', `h.tracer.startSpan('closing ' + rounds).end();`],
    ['a log record', `h.logger.emit({ body: 'closing ' + rounds });`],
    ['a guarded console call', `console.log('closing ' + rounds);`],
    [
      'a span after an await',
      `void Promise.resolve().then(() => Promise.resolve()).then(() => h.tracer.startSpan('closing ' + rounds).end());`,
    ],
  ])('that makes %s each time still ends, and all of it is delivered', async (_what, make) => {
    await using receiver = await startOtlpReceiver();
    const code = `
      import { instrument } from './src/instrumentation/instrument.ts';
      const h = instrument({ consoleToStderr: true });
      let rounds = 0;
      process.on('beforeExit', () => {
        rounds += 1;
        ${make}
        if (rounds === 50) process.exit(9);
      });
      process.on('exit', () => process.stdout.write(String(rounds)));`;
    expect(await runProcess({ code, env: patient(receiver.url) })).toMatchObject({ code: 0, stdout: '2' });
    const arrived = [...receiver.spans().map(({ name }) => name), ...receiver.logRecords().map(({ body }) => body)];
    expect(arrived).toEqual(['closing 1', 'closing 2']);
  });

  it('that starts new work once has that delivered as well', async () => {
    await using receiver = await startOtlpReceiver();
    const code = `
      import { instrument } from './src/instrumentation/instrument.ts';
      const h = instrument();
      h.tracer.startSpan('first').end();
      process.once('beforeExit', () => setTimeout(() => {
        h.tracer.startSpan('more').end();
        h.meter.createCounter('late').add(1);
      }, 400));`;
    expect(await runProcess({ code, env: patient(receiver.url) })).toMatchObject({ code: 0 });
    expect(receiver.spans().map(({ name }) => name)).toEqual(['first', 'more']);
    expect(receiver.metricPoints().map(({ metric }) => metric)).toContain('late');
  });
});

describe('a natural end that a beforeExit listener of the host turns into process.exit()', () => {
  const HOOKS: readonly (readonly [how: string, hook: string])[] = [
    ['exit-hook, at once', `const { default: exitHook } = await import('exit-hook'); exitHook(() => h.tracer.startSpan('hook').end());`],
    [
      'exit-hook, when what it awaits is over',
      `const { asyncExitHook } = await import('exit-hook'); asyncExitHook(async () => { await new Promise((resolve) => setTimeout(resolve, 300)); h.tracer.startSpan('hook').end(); }, { wait: 5000 });`,
    ],
    [
      'a listener, in the next tick',
      `process.once('beforeExit', () => { h.tracer.startSpan('hook').end(); process.nextTick(() => process.exit(0)); });`,
    ],
    [
      'a listener, in a microtask',
      `process.once('beforeExit', async () => { await undefined; h.tracer.startSpan('hook').end(); process.exit(0); });`,
    ],
  ];
  const program = (...parts: readonly string[]): string => `
    const { instrument } = await import('./src/instrumentation/instrument.ts');
    let h;
    ${parts.join('\n')}
    h.tracer.startSpan('last').end();
    h.logger.emit({ body: 'last' });`;
  const BOOT = 'h = instrument();';

  it.each(
    HOOKS.flatMap(
      ([how, hook]) =>
        [
          [`${how}, added after us`, program(BOOT, hook)],
          [`${how}, added before us`, program(hook, BOOT)],
        ] as const,
    ),
  )('loses nothing: %s', async (_how, code) => {
    await using receiver = await startOtlpReceiver();
    const outcome = await runProcess({ code, env: patient(receiver.url) });
    expect(outcome).toMatchObject({ code: 0, signal: null, stdout: '', stderr: '' });
    expect(
      receiver
        .spans()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['hook', 'last']);
    expect(receiver.logRecords().map(({ body }) => body)).toEqual(['last']);
  });

  it.each(HOOKS)('is held up by a collector that hangs for no longer than a flush: %s', async (_how, hook) => {
    await using receiver = await startOtlpReceiver({ respond: 'hang' });
    const outcome = await runProcess({
      code: `${program(BOOT, hook)} process.stdout.write('READY');`,
      env: bounded(receiver.url),
      onReady: () => undefined,
    });
    expect(outcome).toMatchObject({ code: 0, signal: null });
    expectWithin(outcome.durationMs, 2 * FLUSH_TIMEOUT_MS, SLACK_MS);
  });
});
