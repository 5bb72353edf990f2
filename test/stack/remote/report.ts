export type Result = 'ok' | 'empty' | 'FAILED';

interface Row {
  readonly part: string;
  readonly name: string;
  readonly result: Result;
  readonly detail: string;
}

/** A check that found nothing, for a reason that makes that right. */
export class AllowedEmpty {
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

/** What a check may return besides nothing: words about what it found. */
export type Found = string | AllowedEmpty | undefined;

/** Collects what every check found, and goes on after one that fails. */
export class Report {
  readonly #rows: Row[] = [];
  readonly #print: (line: string) => void;

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  get failed(): number {
    return this.#rows.filter(({ result }) => result === 'FAILED').length;
  }

  /** Runs a check. It fails by throwing. Resolves with whether it passed. */
  async check(part: string, name: string, work: () => Promise<Found | void> | Found | void): Promise<boolean> {
    try {
      const found = await work();
      if (found instanceof AllowedEmpty) this.#add({ part, name, result: 'empty', detail: found.reason });
      else this.#add({ part, name, result: 'ok', detail: found ?? '' });
      return true;
    } catch (error) {
      this.#add({ part, name, result: 'FAILED', detail: error instanceof Error ? error.message : String(error) });
      return false;
    }
  }

  #add(row: Row): void {
    this.#rows.push(row);
    this.#print(
      `${row.result.padEnd(6)} ${row.part}: ${row.name}${row.detail === '' ? '' : `\n         ${row.detail.replaceAll('\n', '\n         ')}`}`,
    );
  }

  /** A table of the parts, and the line that says how it went. */
  summary(): readonly string[] {
    const parts = [...Map.groupBy(this.#rows, ({ part }) => part)];
    const width = Math.max(4, ...parts.map(([part]) => part.length));
    const count = (rows: readonly Row[], result: Result): number => rows.filter((row) => row.result === result).length;
    const line = (part: string, cells: readonly (number | string)[]): string =>
      `${part.padEnd(width)} ${cells.map((cell) => String(cell).padStart(8)).join('')}`;
    return [
      line('part', ['checks', 'ok', 'empty', 'failed']),
      ...parts.map(([part, rows]) => line(part, [rows.length, count(rows, 'ok'), count(rows, 'empty'), count(rows, 'FAILED')])),
      `${this.#rows.length} checks: ${count(this.#rows, 'ok')} ok, ${count(this.#rows, 'empty')} empty for a reason, ${this.failed} failed`,
    ];
  }
}
