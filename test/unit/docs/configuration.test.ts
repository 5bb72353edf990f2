import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { configurationDocument } from './configurationDocument.js';
import { otelVariables } from '../../../src/instrumentation/settings/otelVariables.js';
import { databasePartVariables, logLevelVariables } from '../../../src/variables/earlierVariables.js';
import { handoffVariables } from '../../../src/variables/handoffVariables.js';

it('docs/configuration.md is what the tables generate; regenerate with `npm run docs`', async () => {
  await expect(configurationDocument()).toMatchFileSnapshot('../../../docs/configuration.md');
});

it('has a row for every variable that is read', () => {
  const rows = [
    ...configurationDocument().matchAll(/^\| `(\w+)` \| [^|]+ \| [^|]* \| [^|]+ \| (?:yes \| |no \| |differs \| )?[^|]+\. \|$/gmu),
  ];
  const tables = { ...handoffVariables, ...databasePartVariables, ...logLevelVariables, ...otelVariables };
  expect(rows.map(([, name]) => name).sort()).toEqual(Object.keys(tables).sort());
});

it('no document names a variable of ours that does not exist', () => {
  // Error codes begin in the same way.
  const codes = readFileSync('docs/errors.md', 'utf8');
  for (const document of ['README.md', ...globSync('docs/*.md')]) {
    const names = [...readFileSync(document, 'utf8').matchAll(/\bHANDOFF_[A-Z_]*[A-Z]\b/gu)].map(([name]) => name);
    const unknown = names.filter((name) => !Object.hasOwn(handoffVariables, name) && !codes.includes(`\`${name}\``));
    expect(unknown, document).toEqual([]);
  }
});
