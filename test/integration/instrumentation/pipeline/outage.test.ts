import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { startOtlpReceiver } from '../../../../src/testing/otlpReceiver.js';
import type { ReceiverBehaviour } from '../../../../src/testing/receiverTypes.js';
import { runProcess } from '../instrumentedProcess.js';
import { expectWithin } from '../../../setup/expectWithin.js';

interface Seen {
  readonly heapMb: readonly [early: number, late: number];
  readonly counts: {
    readonly made: number;
    readonly queued: number;
    readonly inFlight: number;
    readonly delivered: number;
    readonly failed: number;
    readonly dropped: number;
  };
}

/** Far more spans than the queue holds, with turns of the event loop between them, by a host that flushes all the time. */
const OUTAGE = `
  import { instrument } from './src/instrumentation/instrument.ts';
  const h = instrument();
  const make = async (many) => {
    for (let made = 0; made < many; made += 1) {
      h.tracer.startSpan('during the outage', { attributes: { made } }).end();
      if (made % 10 === 0) void h.flush();
      if (made % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const heapMb = () => { gc(); gc(); return process.memoryUsage().heapUsed / 2 ** 20 + process.memoryUsage().external / 2 ** 20; };
  await make(40_000);
  const early = heapMb();
  await make(160_000);
  const late = heapMb();
  const { counts } = h.status().signals.traces;
  process.stdout.write(JSON.stringify({ heapMb: [early, late], counts }));`;

it.each<readonly [string, ReceiverBehaviour]>([
  ['hangs', 'hang'],
  ['refuses', { refuseStatus: 503 }],
])('while the collector %s, memory stays flat and what is dropped is counted, in status() and as metrics', async (_what, respond) => {
  await using dead = await startOtlpReceiver({ respond });
  await using alive = await startOtlpReceiver();
  const env = {
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${dead.url}/v1/traces`,
    OTEL_EXPORTER_OTLP_ENDPOINT: alive.url,
    OTEL_BSP_MAX_QUEUE_SIZE: '4096',
    HANDOFF_FLUSH_TIMEOUT_MS: '1000',
  };
  const { stdout, stderr } = await runProcess({ code: OUTAGE, flags: ['--expose-gc'], env });
  const {
    heapMb: [early, late],
    counts,
  } = JSON.parse(stdout) as Seen;
  expect(late - early, stderr).toBeLessThan(8);
  expect(counts.made).toBe(200_000);
  expect(counts.queued + counts.inFlight).toBeLessThanOrEqual(4096);
  expect(counts.queued + counts.inFlight + counts.failed + counts.dropped).toBe(200_000);
  expect(counts.dropped).toBeGreaterThan(150_000);

  const last = (metric: string, errorType?: string) =>
    alive.metricPoints().findLast((point) => point.metric === metric && point.attributes['error.type'] === errorType);
  expect(last('otel.sdk.processor.span.processed', 'queue_full')).toMatchObject({
    value: counts.dropped,
    attributes: { 'otel.component.type': 'batching_span_processor', 'otel.component.name': 'batching_span_processor/0' },
  });
  expect(last('otel.sdk.processor.span.queue.capacity')).toMatchObject({ value: 4096 });
  expect(last('otel.sdk.exporter.span.exported')).toMatchObject({
    value: 0,
    attributes: { 'otel.component.type': 'otlp_http_span_exporter' },
  });
});

it('failed exports are told apart by what failed them', async () => {
  await using refusing = await startOtlpReceiver({ respond: { refuseStatus: 400 } });
  await using alive = await startOtlpReceiver();
  const code = `
    import { instrument } from './src/instrumentation/instrument.ts';
    const h = instrument();
    h.tracer.startSpan('s').end();
    h.logger.emit({ body: 'r' });
    await h.flush();
    await h.flush();
    process.exit();`;
  await runProcess({
    code,
    env: { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${refusing.url}/v1/traces`, OTEL_EXPORTER_OTLP_ENDPOINT: alive.url },
  });
  const exported = (signal: string) =>
    alive
      .metricPoints()
      .filter(({ metric }) => metric === `otel.sdk.exporter.${signal}.exported`)
      .map((point) => [point.attributes['error.type'], 'value' in point ? point.value : undefined]);
  expect(exported('span').at(-1)).toEqual(['400', 1]);
  expect(exported('log').at(-1)).toEqual([undefined, 1]);
});

it('a collector that hangs delays neither the start nor the event loop', async () => {
  await using receiver = await startOtlpReceiver({ respond: 'hang' });
  const code = `
    import { instrument } from './src/instrumentation/instrument.ts';
    const startedMs = performance.now();
    instrument().tracer.startSpan('s').end();
    const calledMs = performance.now() - startedMs;
    await new Promise((resolve) => setTimeout(resolve, 0));
    process.stdout.write(JSON.stringify({ calledMs, turnMs: performance.now() - startedMs - calledMs }));
    process.exit();`;
  const run = async (endpoint: string): Promise<{ calledMs: number; turnMs: number }> =>
    JSON.parse((await runProcess({ code, env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } })).stdout) as { calledMs: number; turnMs: number };
  const hanging = await run(receiver.url);
  await using up = await startOtlpReceiver();
  const usual = await run(up.url);
  // A wait for the network would last for the exporter's ten seconds.
  expectWithin(hanging.calledMs, usual.calledMs, 1000);
  expectWithin(hanging.turnMs, usual.turnMs, 1000);
});

it('a receiver that rejects another number of items of each batch is told of once a minute, with its reason', async () => {
  let rejected = 0;
  const server = createServer((request, response) => {
    rejected += 1;
    request.resume();
    response.end(JSON.stringify({ partialSuccess: { rejectedLogRecords: String(rejected), errorMessage: 'too old' } }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  try {
    const { stderr } = await runProcess({
      code: `import { instrument } from './src/instrumentation/instrument.ts';
        const { logger, flush } = instrument();
        for (let round = 0; round < 3; round += 1) {
          for (let count = 0; count < 5; count += 1) logger.emit({ body: 'b' });
          await flush();
        }`,
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        OTEL_METRICS_EXPORTER: 'none',
      },
    });
    expect(rejected).toBe(3);
    expect(stderr).toBe('handoff-otel: error: logs: the receiver rejected items of a batch too old (1)\n');
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
