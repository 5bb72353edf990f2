import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TelemetryHarness } from '../../unit/instrumentation/mcp/telemetryHarness.js';
import type { McpHooksDependencies } from '../../../src/instrumentation/mcp/instrumentation.js';
import { cellNames } from './cells.js';
import type { CellName } from './cells.js';
import { adopted, bare, explicit } from './instruments.js';
import type { Recording, Side } from './recording.js';
import { injectedContexts, record, recordBare } from './record.js';

// One conversation leaves the same record without us and with us: every message in its order, every HTTP status and header,
// what each handler was called with, and what each caller got. Only trace context in `params._meta` may be added, by the
// sides that are instrumented. All cells talk at once, since most of their time is waiting.

/** Fewer than the shortest conversation makes on one side. */
const MANY = 40;

let telemetry: TelemetryHarness;
let plain: ReadonlyMap<CellName, Recording>;
beforeAll(async () => {
  plain = await recordBare();
  telemetry = new TelemetryHarness();
});
afterAll(async () => {
  await telemetry.dispose();
});

/** A tracer that counts: what is compared must have been traced. */
function counting(): { readonly count: () => number; readonly tracer: McpHooksDependencies['tracer'] } {
  const { tracer } = telemetry;
  let spans = 0;
  const startSpan: typeof tracer.startSpan = (...args) => {
    spans += 1;
    return tracer.startSpan(...args);
  };
  return { count: () => spans, tracer: { startSpan, startActiveSpan: tracer.startActiveSpan.bind(tracer) } };
}

function expectSame(cell: CellName, ours: Recording, injecting: ReadonlySet<Side>): void {
  const lines = plain.get(cell)?.lines(injecting);
  expect(ours.lines(injecting)).toEqual(lines);
}

it('without us nothing adds a trace context', () => {
  expect([...plain.values()].flatMap(injectedContexts)).toEqual([]);
  expect([...plain.keys()]).toEqual(cellNames);
});

const sides: readonly (readonly [string, readonly Side[]])[] = [
  ['the server', ['server']],
  ['the client', ['client']],
  ['both', ['client', 'server']],
];

describe.each(sides)('with %s instrumented by name', (_name, instrumented) => {
  it.concurrent.each(cellNames)('%s', async (cell) => {
    const { tracer, count } = counting();
    const instruments = explicit(telemetry.instrumentation({ tracer }), ...instrumented);
    const ours = await record(cell, instruments);
    expectSame(cell, ours, instruments.injecting);
    expect(count()).toBeGreaterThan(MANY);
  });
});

describe('with both instrumented by class, and everything switched on', () => {
  const options = {
    spans: { progress: true },
    resourceUriInName: true,
    baggageKeys: 'all',
    remoteParent: 'link',
    longSessions: true,
    conversation: { metaKey: 'own' },
  } as const;
  let records: ReadonlyMap<CellName, Recording>;
  let made = 0;
  beforeAll(async () => {
    const { tracer, count } = counting();
    const mcp = telemetry.instrumentation({ tracer, options });
    const instruments = adopted(mcp);
    records = new Map(await Promise.all(cellNames.map(async (cell) => [cell, await record(cell, instruments)] as const)));
    mcp.disable();
    made = count();
  });

  it.each(cellNames)('%s', (cell) => {
    const ours = records.get(cell);
    if (ours === undefined) throw new Error('not recorded');
    expectSame(cell, ours, new Set<Side>(['client', 'server']));
    expect(injectedContexts(ours).length).toBeGreaterThan(MANY / 2);
    expect(made).toBeGreaterThan(2 * MANY * cellNames.length);
  });
});

describe('after disable()', () => {
  it.concurrent.each(cellNames)('%s', async (cell) => {
    const ours = await record(cell, bare);
    expectSame(cell, ours, bare.injecting);
    expect(injectedContexts(ours)).toEqual([]);
  });
});
