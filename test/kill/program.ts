import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** More than a batch holds, so that a request is under way when the process ends. */
const FIRST_BURST = 600;
const SECOND_BURST = 100;

/**
 * A program that makes spans and log records and notes each in the file `LEDGER` as it makes it, then ends in its own way.
 * With `BARE` it does the same without us.
 *
 * @param ending what it does after the word READY; `alive` is what keeps it running
 * @param options of `instrument()`
 */
export function program(ending: string, options = '{}'): string {
  return `
    import { appendFileSync, existsSync } from 'node:fs';
    const h = process.env.BARE
      ? { tracer: { startSpan: () => ({ end() {}, spanContext: () => ({ spanId: '' }) }) }, logger: { emit() {} }, flush: async () => {} }
      : (await import('./src/instrumentation/instrument.ts')).instrument(${options});
    let count = 0;
    const make = (many) => {
      const lines = [];
      for (let left = many; left > 0; left -= 1) {
        const span = h.tracer.startSpan('made');
        span.end();
        count += 1;
        h.logger.emit({ body: 'record ' + count });
        lines.push('span ' + span.spanContext().spanId, 'record ' + count);
      }
      appendFileSync(process.env.LEDGER, lines.join('\\n') + '\\n');
    };
    const alive = setInterval(() => {}, 1000);
    make(${FIRST_BURST});
    if (process.env.GO) {
      await h.flush();
      process.stderr.write('FLUSHED\\n');
      while (!existsSync(process.env.GO)) await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
    make(${SECOND_BURST});
    const ready = () => process.stderr.write('READY\\n');
    ${ending}`;
}

/** Where a program notes what it makes; removed when disposed of. */
export interface Ledger {
  readonly file: string;
  /** Does not exist until somebody makes it. */
  readonly goFile: string;
  /** Makes the other file. */
  go(): void;
  spans(): string[];
  records(): string[];
  [Symbol.dispose](): void;
}

export function createLedger(): Ledger {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-kill-'));
  const file = join(folder, 'made');
  const goFile = join(folder, 'go');
  closeSync(openSync(file, 'w'));
  const lines = (kind: string): string[] =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith(`${kind} `));
  return {
    file,
    goFile,
    go: () => closeSync(openSync(goFile, 'w')),
    spans: () => lines('span').map((line) => line.slice('span '.length)),
    records: () => lines('record'),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
