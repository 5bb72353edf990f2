import { expect, it } from 'vitest';
import { runProcess } from '../instrumentedProcess.js';

/** Reloads libraries as hosts with hot reload do, each time by another `require`: Node itself keeps what one has loaded. */
const PROGRAM = `
  import { createRequire } from 'node:module';
  import { setImmediate } from 'node:timers/promises';
  import { instrument } from './src/instrumentation/instrument.ts';
  const h = instrument({ exitHooks: false });
  const classes = [];
  const ways = new Set();
  const reload = () => {
    const require = createRequire(process.cwd() + '/package.json');
    for (const file of Object.keys(require.cache)) if (/node_modules.(?:pg|pg-.*|ioredis|pino)./.test(file)) delete require.cache[file];
    const { Client, Pool } = require('pg');
    // Before 5.11, when methods of it are wrapped; what is handed over is not held either.
    class Old { sendCommand() {} connect() {} disconnect() {} }
    instrument({ modules: { ioredis: Old } });
    for (const loaded of [Old, Client, Object.getPrototypeOf(Pool), require('ioredis').Redis, require('pino').pino]) classes.push(new WeakRef(loaded));
  };
  for (let round = 0; round < 10; round += 1) {
    reload();
    await setImmediate();
    for (const { copies } of h.status().libraries) for (const { coverage } of copies) ways.add(coverage);
  }
  const alive = () => classes.slice(0, -5).filter((reference) => reference.deref() !== undefined).length;
  const deadline = Date.now() + 10_000;
  while (alive() > 5 && Date.now() < deadline) {
    // What was looked at in a turn of the event loop is kept until its end.
    await setImmediate();
    gc();
    await setImmediate();
  }
  process.stderr.write('REPORT' + JSON.stringify({ made: classes.length, alive: alive(), ways: [...ways].sort() }) + '\\n');
  await h.shutdown();`;

it('lets go of libraries that the host loads anew', { timeout: 60_000 }, async () => {
  const exporters = { OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' };
  const { code, stderr } = await runProcess({ code: PROGRAM, flags: ['--expose-gc'], env: exporters });
  const report = JSON.parse(/REPORT(.*)/.exec(stderr)?.[1] ?? '{}') as { made: number; alive: number; ways: string[] };
  expect({ code, made: report.made, ways: report.ways }, stderr).toEqual({ code: 0, made: 50, ways: ['channel', 'observed', 'patched'] });
  // Caches of the engine may lead to a copy; ten rounds are in the list otherwise.
  expect(report.alive).toBeLessThanOrEqual(5);
});
