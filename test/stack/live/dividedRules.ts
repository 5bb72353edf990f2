import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ruleFiles } from '../../../dashboards/src/rules/files.js';
import { DIVIDE_TIMES_BY } from './timing.js';

/** Files of the generated rules whose times are divided, and the place of one more; all are deleted by `cleanUp`. */
export function writeDividedRules(cleanUp: AsyncDisposableStack): { readonly ruleFiles: string[]; readonly brokenRuleFile: string } {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-stack-rules-'));
  cleanUp.defer(() => rmSync(folder, { recursive: true, force: true }));
  const rules = ruleFiles({ divideTimesBy: DIVIDE_TIMES_BY }).filter(({ path }) => path.startsWith('alerts/rules/'));
  const written = rules.map(({ path, text }) => {
    const file = join(folder, basename(path));
    writeFileSync(file, text);
    return file;
  });
  return { ruleFiles: written, brokenRuleFile: join(folder, 'broken.yaml') };
}
