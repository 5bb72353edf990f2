import { graded, yesOrNo } from '../../comparison/row.js';
import type { Finding } from '../../comparison/row.js';
import type { Lab } from '../lab/lab.js';
import type { Seen } from '../lab/run.js';
import { lastWords } from '../lab/work.js';
import type { Row } from '../row.js';

const STDOUT = 'test/integration/instrumentation/stdout.test.ts';

async function silent(lab: Lab, env: Readonly<Record<string, string>>): Promise<Finding> {
  const seen = await lab.run({ work: lastWords('await pause(900); process.exit();'), env: { ...env, ...lab.bootstrap.stdioEnv } });
  return seen.stdout === '' ? { cell: 'Y', observed: 'nothing' } : { cell: '-', observed: 'something is written' };
}

const stdoutRow = (title: string, env: Readonly<Record<string, string>>): Row => ({
  title,
  rule: 'A program that writes nothing, set up for a protocol on stdout where the package has a setting for that. Y: stdout stays empty. -: it does not.',
  test: STDOUT,
  run: (lab) => silent(lab, env),
});

/** Y when its own function names all three libraries; P when what it prints tells its version or settings. */
export function statusOf({ reports, stdout, stderr }: Pick<Seen, 'reports' | 'stdout' | 'stderr'>, version: string): Finding {
  const status = reports['status'];
  if (status !== undefined)
    return graded({
      pg: /"pg"/.test(status),
      ioredis: /"ioredis"/.test(status),
      pino: /"pino"/.test(status),
      queues: /queue/i.test(status),
    });
  const printed = stdout + stderr;
  return printed.includes(version) ? { cell: 'P', observed: 'its version in a line at the start' } : { cell: '-', observed: 'nothing' };
}

export function hostRows(versionOf: (name: string) => string): readonly Row[] {
  return [
    stdoutRow('stdout clean by default', {}),
    stdoutRow('stdout clean with `OTEL_LOG_LEVEL=debug`', { OTEL_LOG_LEVEL: 'debug' }),
    stdoutRow('stdout clean with console exporters', {
      OTEL_TRACES_EXPORTER: 'console',
      OTEL_METRICS_EXPORTER: 'console',
      OTEL_LOGS_EXPORTER: 'console',
    }),
    {
      title: 'joins an SDK that is there',
      rule: 'A tracer provider is registered through the API before the package starts. Y: the program goes on, spans of the host and of pg go to that provider, each once. P: it goes on, and spans of the host go there. -: it ends the program, or takes the spans away.',
      test: 'test/integration/instrumentation/oneInstrumentation.test.ts',
      run: async (lab) => {
        const seen = await lab.run({ order: 'package first', before: FOREIGN, work: JOINING, until: 'done' });
        if (seen.reports['done'] === undefined) return { cell: '-', observed: 'the program did not go on' };
        const names = JSON.parse(seen.reports['foreign'] ?? '[]') as string[];
        const host = names.filter((name) => name === 'parent').length;
        const pg = names.filter((name) => /select/i.test(name) || name.startsWith('pg.query')).length;
        if (host !== 1) return yesOrNo(false, 'spans of the host do not reach it');
        return graded({ 'spans of the host': true, 'spans of pg': pg === 1 });
      },
    },
    {
      title: 'says what it covers',
      rule: 'Y: a function of it names pg, ioredis and pino, and what is queued. P: part of that, or a line at the start (`OTEL_LOG_LEVEL=info`) tells its version. -: nothing.',
      test: 'test/integration/instrumentation/libraries/libraries.test.ts',
      run: async (lab) => {
        const seen = await lab.run({
          work: `${lab.bootstrap.status?.module ?? ''}\n${lastWords('await pause(300); process.exit();')}`,
          env: { OTEL_LOG_LEVEL: 'info' },
        });
        return statusOf(seen, versionOf(lab.bootstrap.name));
      },
    },
  ];
}

/** A provider of no SDK at all: every line of OpenTelemetry knows its interface, and none needs to be installed for it. */
const FOREIGN = `
import { trace as foreignApi, context as foreignContext } from '@opentelemetry/api';
import { AsyncLocalStorage } from 'node:async_hooks';
globalThis.foreignSpans = [];
const hex = (digits) => [...crypto.getRandomValues(new Uint8Array(digits / 2))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
class ForeignSpan {
  constructor(name, parent) { this.name = name; this.attributes = {}; this.ids = { traceId: parent?.traceId ?? hex(32), spanId: hex(16), traceFlags: 1 }; }
  spanContext() { return this.ids; }
  setAttribute() { return this; } setAttributes() { return this; } addEvent() { return this; } addLink() { return this; } addLinks() { return this; } setStatus() { return this; } recordException() {}
  updateName(name) { this.name = name; return this; }
  isRecording() { return true; }
  end() { globalThis.foreignSpans.push(this.name); }
}
const foreignTracer = {
  startSpan: (name, options, context = foreignContext.active()) => new ForeignSpan(name, foreignApi.getSpanContext(context)),
  startActiveSpan(name, ...rest) { const run = rest.pop(); const span = this.startSpan(name, rest[0], rest[1]); return foreignContext.with(foreignApi.setSpan(rest[1] ?? foreignContext.active(), span), run, undefined, span); },
};
const storage = new AsyncLocalStorage();
const { ROOT_CONTEXT } = await import('@opentelemetry/api');
foreignContext.setGlobalContextManager({
  active: () => storage.getStore() ?? ROOT_CONTEXT,
  with: (context, run, thisArg, ...args) => storage.run(context, () => run.call(thisArg, ...args)),
  bind: (context, target) => (typeof target === 'function' ? (...args) => storage.run(context, () => target(...args)) : target),
  enable() { return this; }, disable() { return this; },
});
foreignApi.setGlobalTracerProvider({ getTracer: () => foreignTracer });`;

const JOINING = `
const pool = new pg.Pool({ connectionString: process.env.DB, max: 1 });
await pool.query('SELECT 1');
globalThis.foreignSpans.length = 0;
await foreignTracer.startActiveSpan('parent', async (span) => { await pool.query('SELECT 2'); span.end(); });
report('foreign', JSON.stringify(globalThis.foreignSpans));
report('done', '');
setInterval(() => {}, 1000);`;
