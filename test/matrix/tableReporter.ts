import type { Reporter, TestModule } from 'vitest/node';
import { renderTable } from './support/table.js';
import type { Mark } from './support/table.js';

/** Prints, after all tests, what was covered in each cell. */
export class TableReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const marks = modules.flatMap((module) =>
      [...module.children.allTests()].flatMap((test): Mark[] => {
        const { mark } = test.meta();
        return mark === undefined ? [] : [{ ...mark, passed: test.result().state === 'passed' }];
      }),
    );
    process.stdout.write(`\n${renderTable(marks)}\n`);
  }
}
