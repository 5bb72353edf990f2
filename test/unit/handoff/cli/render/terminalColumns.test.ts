import { expect, it } from 'vitest';
import { terminalColumns } from '../../../../../src/handoff/cli/render/terminalColumns.js';
import { renderWaterfall } from '../../../../../src/handoff/cli/render/waterfall.js';
import { widthOf } from '../../../../../src/handoff/cli/render/width.js';
import { HANDOFF_TRACE } from './handoffTrace.js';

it.each([
  [undefined, 100],
  [20, 48],
  [60, 60],
  [400, 140],
])('a terminal of %s columns is drawn in as %i', (columns, expected) => {
  expect(terminalColumns(columns)).toBe(expected);
});

it('no line of a trace is longer than a narrow terminal', () => {
  const lines = renderWaterfall(HANDOFF_TRACE, { columns: terminalColumns(60) }).split('\n');
  expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(60);
});
