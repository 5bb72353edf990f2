import { nameOf } from '../cells/cell.js';
import type { Recording } from '../telemetry/recorded.js';
import { writtenByEntry } from './entry.js';
import { judgeInstruments } from './instrumentRules.js';
import { judgeOperationMetrics } from './metricRules.js';
import { operationsOf } from './operation.js';
import { judgeSessions } from './sessionRules.js';
import { judgeSpans } from './spanRules.js';
import { describeFailure } from './verdict.js';
import type { Verdict } from './verdict.js';

/** What the SDK's entry writes by itself has nobody who sends it: a span there would be made up. */
function judgeEntry({ exchanges, cell, telemetry }: Recording): Verdict[] {
  return exchanges
    .filter((exchange) => writtenByEntry({ cell, exchange }))
    .map(({ method, label }) => {
      const made = telemetry.server.spans.filter((span) => span.kind === 'client' && span.attributes['mcp.method.name'] === method);
      return {
        subject: 'span.count',
        signal: 'span',
        label,
        method,
        side: 'server',
        ok: made.length === 0,
        said: `expected no span of what no server sent, got ${made.length}`,
      };
    });
}

/** Applies every rule the registry yields to everything one cell left behind. */
export function judge(recording: Recording): Verdict[] {
  const operations = operationsOf(recording);
  const sides = (['client', 'server'] as const).flatMap((side) => {
    const own = operations.filter((operation) => operation.side === side);
    const { spans, metrics } = recording.telemetry[side];
    return [
      ...judgeSpans(own, spans),
      ...judgeOperationMetrics(own, metrics),
      ...judgeInstruments(recording, side),
      ...judgeSessions(recording, side),
    ];
  });
  return [...sides, ...judgeEntry(recording)];
}

/** The failures, each naming attribute, method and cell. */
export function failuresOf(recording: Recording, verdicts: readonly Verdict[]): string[] {
  return verdicts.filter(({ ok }) => !ok).map((verdict) => describeFailure(nameOf(recording.cell), verdict));
}
