// Prints the test files that failed, one per line, from Vitest's JSON report:  failedFiles.mjs REPORT MOST
// Prints nothing if there are more than MOST of them, or if the report is missing or incomplete.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const [report = '', most = '0'] = process.argv.slice(2);

/** @returns {string[]} */
function failedFiles() {
  try {
    const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
    return testResults.filter(({ status }) => status !== 'passed').map(({ name }) => relative(process.cwd(), name));
  } catch {
    return [];
  }
}

const failed = failedFiles();
if (failed.length <= Number(most)) process.stdout.write(failed.map((file) => `${file}\n`).join(''));
