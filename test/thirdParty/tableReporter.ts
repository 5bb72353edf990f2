import type { Reporter, TestModule } from 'vitest/node';
import { renderTable } from './support/table.js';
import type { Row } from './support/table.js';

/** Prints, after all tests, what each program was and what was seen of it. A failed check reads as such in its row too. */
export class TableReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const rows = modules.flatMap((module) =>
      [...module.children.allTests()].flatMap((test): Row[] => {
        const { row } = test.meta();
        return row === undefined ? [] : [row];
      }),
    );
    process.stdout.write(`\n${renderTable(rows.toSorted((a, b) => a.subject.localeCompare(b.subject)))}\n`);
  }
}
