import { beforeAll, describe, expect, it } from 'vitest';
import type { ProcessOutcome } from '../integration/instrumentation/instrumentedProcess.js';
import { collectors } from './collectors.js';
import type { Ending } from './endings.js';
import { rowOf } from './row.js';
import { FLUSH_TIMEOUT_MS, runBare, runToItsEnd } from './run.js';

/** On top of the bound: a loaded machine, and what Node itself takes to end. */
const SLACK_MS = 3000;

const withoutOurLines = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !line.startsWith('handoff-otel: '))
    .join('\n');

/** Every one of these endings with every collector. */
export function testEndings(endings: readonly Ending[]): void {
  describe.each(endings)('$name', (ending) => {
    let bare: ProcessOutcome;
    beforeAll(async () => {
      bare = await runBare(ending);
    });

    it.for(collectors)('with a collector that is $name', async (collector, { task }) => {
      // An orderly end leaves the promise to us; the rest shows that the count can tell a loss.
      const outcome = await runToItsEnd(ending, collector);
      task.meta.killRow = rowOf(ending.name, collector.name, outcome);
      const { process, spans, records } = outcome;
      expect.soft({ code: process.code, signal: process.signal }).toEqual({ code: bare.code, signal: bare.signal });
      expect.soft(withoutOurLines(process.stderr).replace('FLUSHED\n', '')).toBe(bare.stderr);
      if (collector.takesAll) expect.soft(process.stderr).not.toContain('handoff-otel: ');
      expect.soft(process.stdout).toBe('');
      expect.soft(process.durationMs).toBeLessThan(bare.durationMs + FLUSH_TIMEOUT_MS + SLACK_MS);
      expect.soft({ spans: spans.duplicates, records: records.duplicates }).toEqual({ spans: 0, records: 0 });
      expect.soft(spans.made).toBe(ending.made ?? 700);
      if (collector.diesLater === true) expect.soft([spans.delivered, records.delivered]).toEqual([600, 600]);
      else if (!collector.takesAll) expect.soft([spans.delivered, records.delivered]).toEqual([0, 0]);
      else if (ending.promise === 'everything') expect.soft([spans.delivered, records.delivered]).toEqual([spans.made, records.made]);
      else expect.soft(spans.delivered).toBeLessThan(spans.made);
      expect.soft(outcome.fatal.length).toBe(collector.takesAll && /exception|rejection|throw/.test(ending.name) ? 1 : 0);
      expect.soft(JSON.stringify(outcome.fatal)).not.toContain('secret');
    });
  });
}
