import type { Reporter, TestModule } from 'vitest/node';
import { renderRows } from './row.js';

/** Prints, after all tests, what was delivered of what was made, for each way to end and each collector. */
export class TableReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const rows = modules.flatMap((module) => [...module.children.allTests()].flatMap((test) => test.meta().killRow ?? []));
    process.stdout.write(`\n${renderRows(rows)}\n`);
  }
}
