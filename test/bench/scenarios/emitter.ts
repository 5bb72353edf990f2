import { SpanKind, context, createNoopMeter, trace } from '@opentelemetry/api';
import type { Meter, Tracer } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { createLogger } from '../../../src/logging/logger.js';
import { leveledLog } from '../../../src/logging/levels.js';
import { operationMetrics } from '../../../src/telemetry/catalogue/operations.js';
import { createInstrument } from '../../../src/telemetry/instruments.js';
import { createObserve } from '../../../src/telemetry/observe.js';
import { systemClock } from '../../../src/time/clock.js';
import { costRow, usPerCall } from '../callCost.js';
import type { Scenario } from '../scenario.js';
import { median } from '../statistics.js';

const ROUNDS_MIN = 7;
const CALLS = 500;
/** Of what the same span, point and record cost when they are made by hand. */
const MOST_ADDED_SHARE = 0.5;
const OPERATION = 'handoff.context.append';
const GIVEN = { 'handoff.session.key': 'a-session', 'handoff.context.type': 'message' };
const FOUND = { 'handoff.session.id': '0b9e6f5e-1111-4222-8333-444455556666', 'handoff.context.sequence_number': 7 };
const nowhere = { write: () => undefined, flush: () => undefined, flushSync: () => undefined };

type Call = () => Promise<unknown>;

/** What `observe()` costs an operation, beside the same telemetry made by hand and the SDK without us. */
export const emitterScenario: Scenario = {
  name: 'emitter',
  summary: 'cost of observe() per operation, against its span, point and record made by hand',
  run: async (lab) => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    const calls = subjects();
    const figures = new Map(Object.keys(calls).map((name) => [name, [] as number[]]));
    for (let round = 0; round <= Math.max(lab.rounds, ROUNDS_MIN); round += 1) {
      lab.progress(`emitter: round ${round}`);
      for (const [name, call] of Object.entries(calls)) {
        const us = await usPerCall(call, CALLS, lab.roundMs / 20);
        // The first round warms all of them up.
        if (round > 0) figures.get(name)?.push(us);
      }
    }
    context.disable();
    const of = (name: string): number => median(figures.get(name) ?? []);
    const added = of('`observe()`') / of('by hand') - 1;
    return {
      title: 'The emitter',
      method: `An operation that does nothing but add two attributes, one after the other; the span is recorded and forgotten, the point is aggregated, the record is written to a destination that forgets it. ${CALLS} calls between looks at the clock.`,
      tables: [{ head: ['', 'µs an operation, median', 'min – max'], rows: [...figures].map(([name, values]) => costRow(name, values)) }],
      targets: [
        {
          what: 'What `observe()` costs more than its span, point and record made by hand',
          wanted: `< ${MOST_ADDED_SHARE * 100} %`,
          reached: `${(added * 100).toFixed(0)} %`,
          met: added < MOST_ADDED_SHARE,
        },
      ],
    };
  },
};

function subjects(): Readonly<Record<string, Call>> {
  const tracer = new TracerProvider().getTracer('bench');
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const meter = new MeterProvider({ readers: [reader] }).getMeter('bench');
  const log = leveledLog(createLogger({ destination: nowhere, level: 'trace' }), { level: 'info', components: {} });
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const withAll = createObserve({ tracer, meter, log, clock: systemClock });
  const unheard = createObserve({ tracer: trace.getTracer('none'), meter: createNoopMeter(), log: quiet, clock: systemClock });
  const byHand = { tracer, meter, log };
  return {
    'without telemetry': async () => FOUND,
    '`observe()`, without an SDK': () => unheard(OPERATION, GIVEN, async (scope) => scope.add(FOUND)),
    'by hand': handMade(byHand),
    '`observe()`': () => withAll(OPERATION, GIVEN, async (scope) => scope.add(FOUND)),
  };
}

/** Somebody who knows what is to be said, and says it as tersely as the SDK allows. */
function handMade({ tracer, meter, log }: { tracer: Tracer; meter: Meter; log: { info(fields: object, text: string): void } }): Call {
  const record = createInstrument(meter, operationMetrics.duration);
  return () => {
    const startMs = performance.now();
    const attributes = { ...GIVEN, 'handoff.operation.name': OPERATION };
    const span = tracer.startSpan(OPERATION, { kind: SpanKind.INTERNAL, attributes });
    return context.with(trace.setSpan(context.active(), span), async () => {
      span.setAttributes(FOUND);
      const durationMs = performance.now() - startMs;
      span.end();
      record(durationMs / 1000, attributes);
      log.info({ 'event.name': OPERATION, durationMs, success: true, ...attributes, ...FOUND }, OPERATION);
    });
  };
}
