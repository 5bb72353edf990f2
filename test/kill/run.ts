import { runProcess } from '../integration/instrumentation/instrumentedProcess.js';
import type { ProcessOutcome } from '../integration/instrumentation/instrumentedProcess.js';
import { startCollector } from './collectors.js';
import type { CollectorKind } from './collectors.js';
import type { Ending } from './endings.js';
import { createLedger } from './program.js';

export const FLUSH_TIMEOUT_MS = 3000;

/** What arrived of what was made. */
export interface Tally {
  readonly made: number;
  readonly delivered: number;
  /** Arrived more than once. */
  readonly duplicates: number;
}

export interface KillOutcome {
  readonly process: ProcessOutcome;
  readonly spans: Tally;
  readonly records: Tally;
  /** Records of the fatal error itself. */
  readonly fatal: readonly { readonly body: unknown; readonly attributes: Readonly<Record<string, unknown>> }[];
}

/** Nothing leaves by the clock: what arrives was either a full batch or flushed on the way out. */
const ENV = {
  OTEL_BSP_SCHEDULE_DELAY: '60000',
  OTEL_BLRP_SCHEDULE_DELAY: '60000',
  OTEL_METRICS_EXPORTER: 'none',
  HANDOFF_FLUSH_TIMEOUT_MS: String(FLUSH_TIMEOUT_MS),
};

/** Runs one program against one collector to its end and counts. */
export async function runToItsEnd(ending: Ending, kind: CollectorKind, env: Readonly<Record<string, string>> = {}): Promise<KillOutcome> {
  await using collector = await startCollector(kind);
  using ledger = createLedger();
  const outcome = await runProcess({
    code: ending.code,
    env: {
      ...ENV,
      ...ending.env,
      ...env,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      LEDGER: ledger.file,
      ...(kind.diesLater === true ? { GO: ledger.goFile } : {}),
    },
    onOutput: (text) => {
      if (!text.includes('FLUSHED')) return;
      collector.receiver.respond('reset');
      ledger.go();
    },
    onReady: (child) => ending.kill?.(child),
  });
  const records = collector.receiver.logRecords();
  return {
    process: outcome,
    spans: tally(
      ledger.spans(),
      collector.receiver.spans().map(({ spanId }) => spanId),
    ),
    records: tally(
      ledger.records(),
      records.flatMap(({ body }) => (typeof body === 'string' && body.startsWith('record ') ? [body] : [])),
    ),
    fatal: records.filter(({ severityText }) => severityText === 'FATAL').map(({ body, attributes }) => ({ body, attributes })),
  };
}

/** The same program without us: how Node ends it. */
export async function runBare(ending: Ending): Promise<ProcessOutcome> {
  using ledger = createLedger();
  return await runProcess({
    code: ending.code,
    env: { BARE: '1', LEDGER: ledger.file, ...ending.env },
    onReady: (child) => ending.kill?.(child),
  });
}

function tally(made: readonly string[], arrived: readonly string[]): Tally {
  const distinct = new Set(arrived);
  return { made: made.length, delivered: made.filter((id) => distinct.has(id)).length, duplicates: arrived.length - distinct.size };
}
