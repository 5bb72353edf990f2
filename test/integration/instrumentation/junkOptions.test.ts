import { expect, it } from 'vitest';
import { runProcess } from './instrumentedProcess.js';

const NOTHING_LEAVES = { OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' };

/** In a process of its own, whose stderr takes all the notices. */
const PROGRAM = `
  import fc from 'fast-check';
  import { instrument } from './src/instrumentation/instrument.ts';
  const throwing = new Proxy({}, { get: () => { throw new Error('unreadable'); }, ownKeys: () => { throw new Error('unlistable'); } });
  const junk = fc.oneof(fc.anything({ withBigInt: true, withNullPrototype: true, withMap: true, withTypedArray: true }), fc.boolean(), fc.constantFrom(throwing, Symbol('x'), () => undefined));
  const mcp = fc.oneof(junk, fc.record({ discover: junk, mode: junk, methods: fc.oneof(junk, fc.dictionary(fc.string(), junk)), remoteParent: junk, baggageKeys: junk, capture: junk, spans: junk, resourceUriInName: junk, conversation: junk, network: junk, longSessions: junk }, { requiredKeys: [] }));
  const names = ['serviceName', 'serviceVersion', 'resourceAttributes', 'stdio', 'prometheus', 'flushTimeoutMs', 'exitHooks', 'captureErrorMessages', 'libraries', 'flushOnProcessExit', 'consoleToStderr'];
  const modules = fc.oneof(junk, fc.record({ pg: junk, ioredis: junk, pino: junk, 'pg-pool': junk }, { requiredKeys: [] }));
  const options = fc.record({ ...Object.fromEntries(names.map((name) => [name, junk])), mcp, modules }, { requiredKeys: [] });
  const fixed = [null, 5, 'x', [], throwing, { mcp: null }, { mcp: { methods: null, conversation: null, capture: null, spans: null, network: null } }, { mcp: { mode: Object.create(null), remoteParent: Symbol('x'), methods: { ping: throwing } } }, { mcp: { conversation: throwing, network: throwing, capture: throwing, spans: throwing } }, { modules: throwing }, { modules: { pg: throwing, ioredis: null } }];
  const check = async (given) => {
    const handle = instrument(given);
    const again = instrument(given);
    const state = handle.status().state;
    handle.tracer.startSpan('work').end();
    await handle.flush();
    await handle.shutdown();
    if (again !== handle || state !== 'active' || handle.status().state !== 'shut down') throw new Error('state ' + state);
  };
  // The usual report would print what it failed for, which cannot be printed.
  const reporter = ({ failed, seed, counterexamplePath, errorInstance }) => {
    if (failed) throw new Error('seed ' + seed + ', path ' + counterexamplePath, { cause: errorInstance });
  };
  for (const given of fixed) await check(given);
  await fc.assert(fc.asyncProperty(fc.oneof(options, junk), check), { numRuns: 40, reporter });
  process.stdout.write('survived');
  process.exit(0);`;

it('instrument() takes any junk for options: it starts, works and shuts down', async () => {
  const { code, stdout, stderr } = await runProcess({ code: PROGRAM, env: NOTHING_LEAVES });
  expect({ code, stdout }, stderr.slice(-3000)).toEqual({ code: 0, stdout: 'survived' });
});
