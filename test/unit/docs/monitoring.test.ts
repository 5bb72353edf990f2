import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { alertNames } from '../../../src/telemetry/catalogue/alerts.js';
import { healthComponents, healthReasons } from '../../../src/telemetry/catalogue/health.js';

const page = readFileSync('docs/monitoring.md', 'utf8');
/** First words of the rows of the table under a heading cell. */
const rowsOf = (heading: string): string[] => {
  const table = page.slice(page.indexOf(`| ${heading} |`)).split('\n\n', 1)[0] ?? '';
  return [...table.matchAll(/^\| `(\w+)` \|/gmu)].map(([, word = '']) => word);
};

it('docs/monitoring.md explains every part and every reason, and no others', () => {
  expect(rowsOf('Part').toSorted()).toEqual(healthComponents.toSorted());
  expect(rowsOf('Reason')).toEqual([...healthReasons]);
});

it('docs/monitoring.md has every alert, in the order of the catalogue', () => {
  expect(rowsOf('Alert')).toEqual([...alertNames]);
});
