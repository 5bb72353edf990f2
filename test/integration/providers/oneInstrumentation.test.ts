import { describe, expect, it } from 'vitest';
import { startOtlpReceiver } from '../../../src/testing/otlpReceiver.js';
import { databaseUrl } from '../../setup/services.js';
import { runProcess } from './instrumentedProcess.js';

describe('instrument() called again', () => {
  it('returns the same handle, from another copy of the package too, and starts afresh after shutdown', async () => {
    await using receiver = await startOtlpReceiver();
    const code = `
      import { instrument } from './src/instrument.ts';
      const h = instrument();
      const { instrument: copy } = await import('./src/instrument.ts?copy');
      const same = instrument({ serviceName: 'ignored' }) === h && copy() === h;
      await h.shutdown();
      const fresh = copy({ serviceName: 'fresh' });
      fresh.tracer.startSpan('second life').end();
      process.stdout.write(JSON.stringify({ same, isNew: fresh !== h, states: [h.status().state, fresh.status().state], listeners: process.listenerCount('SIGTERM') }));`;
    const { stdout, stderr } = await runProcess({ code, env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } });
    expect(stdout, stderr).toBe(JSON.stringify({ same: true, isNew: true, states: ['shut down', 'active'], listeners: 1 }));
    expect(receiver.spans().map(({ name, resource }) => [name, resource.attributes['service.name']])).toEqual([['second life', 'fresh']]);
  });
});

describe('an SDK that cannot be started', () => {
  it('leaves the host without telemetry, not without a server', async () => {
    const code = `
      import { registerHooks } from 'node:module';
      registerHooks({ load(url, context, next) { if (url.includes('/sdk-node/')) throw new Error('broken install'); return next(url, context); } });
      const { instrument } = await import('./src/instrument.ts');
      const h = instrument();
      h.tracer.startSpan('s').end();
      await h.shutdown();
      process.stdout.write('up');`;
    const { code: exit, stdout, stderr } = await runProcess({ code });
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: 'up' });
    expect(stderr).toContain('handoff-otel: telemetry could not be started and stays off: broken install');
  });
});

describe('a process in which another SDK runs already', () => {
  const program = (foreignInstrumentations: string): string => `
    import { createRequire } from 'node:module';
    const require = createRequire(process.cwd() + '/package.json');
    const { NodeSDK } = require('@opentelemetry/sdk-node');
    const { PgInstrumentation } = require('@opentelemetry/instrumentation-pg');
    const sdk = new NodeSDK({ serviceName: 'foreign', instrumentations: [${foreignInstrumentations}] });
    sdk.start();
    const { default: pg } = await import('pg');
    const { instrument } = await import('./src/instrument.ts');
    const h = instrument({ serviceName: 'ours' });
    const pool = new pg.Pool({ connectionString: process.env.DB });
    await h.tracer.startActiveSpan('parent', async (span) => { await pool.query('SELECT 1'); span.end(); });
    await pool.end();
    const { state } = h.status();
    await h.shutdown();
    await sdk.shutdown();
    process.stdout.write(state);`;

  it.each([['without pg instrumentation', ''], ['with pg instrumentation', 'new PgInstrumentation()']])('%s is joined: its spans and ours, each once', async (_what, instrumentations) => {
    await using receiver = await startOtlpReceiver();
    const { stdout, stderr } = await runProcess({ code: program(instrumentations), env: { DB: databaseUrl(), OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url } });
    expect(stdout, stderr).toBe('joined');
    expect(stderr).toMatch(/^handoff-otel: another OpenTelemetry SDK is registered already; joining it/m);
    const queries = receiver.spans().filter(({ name }) => name.startsWith('pg.query'));
    expect(queries).toHaveLength(1);
    expect(receiver.spans().filter(({ name }) => name === 'parent')).toHaveLength(1);
    expect(new Set(receiver.spans().map(({ resource }) => resource.attributes['service.name']))).toEqual(new Set(['foreign']));
  });
});
