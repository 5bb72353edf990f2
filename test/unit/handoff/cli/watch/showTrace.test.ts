import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { showTrace } from '../../../../../src/handoff/cli/watch/showTrace.js';
import { spanRecord } from '../../../testing/records.js';

const layout = { columns: 80, colour: false };
const failed = { status: { code: 'ERROR', message: 'no user called alice' }, attributes: { 'error.type': 'tool_error' } } as const;

it('gives a single span one line', () => {
  expect(showTrace([spanRecord('1', 0, 1.5, { name: 'tools/list', kind: 'SERVER' })], layout)).toBe('▸ tools/list  1.50 ms\n');
});

it('says that a single span failed, and of what, in no more than one line', () => {
  const span = spanRecord('1', 0, 1.5, { name: 'tools/call roll\n'.repeat(20), kind: 'SERVER', ...failed });
  const text = showTrace([span], layout);
  expect(text).toMatch(/^▸ tools\/call roll .*…  1\.50 ms ✗ tool_error\n$/);
  expect(text.length).toBeLessThanOrEqual(81);
  const coloured = showTrace([span], { ...layout, colour: true });
  expect(coloured).not.toBe(text);
  expect(stripVTControlCharacters(coloured)).toBe(text);
});

it('draws several spans as a waterfall, which says what failed but not in whose words', () => {
  const text = showTrace(
    [
      spanRecord('1', 0, 9, { name: 'tools/call find', kind: 'SERVER', ...failed }),
      spanRecord('2', 1, 8, { parent: '1', name: 'SELECT', kind: 'CLIENT' }),
    ],
    layout,
  );
  expect(text).toMatch(/^\ntrace [0-9a-f]{32} · 2 spans · 9\.00 ms\n/);
  expect(text).toContain('└─◂ SELECT');
  expect(text).toContain('✗ tools/call find: tool_error\n');
  expect(text).not.toContain('alice');
});
