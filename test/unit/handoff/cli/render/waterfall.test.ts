import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { renderWaterfall } from '../../../../../src/handoff/cli/render/waterfall.js';
import { widthOf } from '../../../../../src/handoff/cli/render/width.js';
import { spanRecord } from '../../../testing/records.js';
import { client, fromProcess, HANDOFF_TRACE, serverA } from './handoffTrace.js';

const linesOf = (picture: string): readonly string[] => picture.split('\n');
const rowOf = (picture: string, name: string): string =>
  linesOf(picture).find((line) => line.includes(name)) ?? `no row ${name} in\n${picture}`;
const barOf = (row: string): string => /[━╸╺╋]+/.exec(row)?.[0] ?? '';
const barStart = (row: string): number => row.search(/[━╸╺╋]/);

describe('the picture', () => {
  it.each([[80], [60], [120]])('of a handoff over three processes, %i columns wide', async (columns) => {
    const picture = renderWaterfall(HANDOFF_TRACE, { columns });
    await expect(`${picture}\n`).toMatchFileSnapshot(`golden/handoff-${String(columns)}.txt`);
    expect(Math.max(...linesOf(picture).map(widthOf))).toBeLessThanOrEqual(columns);
  });

  it('is the same whatever order the spans come in, and however often', () => {
    const picture = renderWaterfall(HANDOFF_TRACE);
    expect(renderWaterfall(HANDOFF_TRACE.toReversed())).toBe(picture);
    expect(renderWaterfall([...HANDOFF_TRACE, ...HANDOFF_TRACE.slice(3)])).toBe(picture);
  });

  it('has colours only when asked for, and then the same text', () => {
    const plain = renderWaterfall(HANDOFF_TRACE);
    const coloured = renderWaterfall(HANDOFF_TRACE, { colour: true });
    expect(plain).toBe(stripVTControlCharacters(plain));
    expect(coloured).not.toBe(plain);
    expect(linesOf(stripVTControlCharacters(coloured)).map((line) => line.trimEnd())).toEqual(linesOf(plain));
    expect(rowOf(coloured, 'update_context')).toContain('\u001b[91m');
  });

  it('of one process needs no marks', () => {
    const picture = renderWaterfall([spanRecord('1', 0, 2, { name: 'tools/list', kind: 'SERVER', ...serverA })]);
    expect(linesOf(picture).slice(0, 2)).toEqual(['trace 4bf92f3577b34da6a3ce929d0e0e4736 · 1 span · 2.00 ms', 'handoff-otel (pid 4111)']);
    expect(rowOf(picture, 'tools/list')).toMatch(/^▸ tools\/list ━+ 2\.00 ms$/);
  });

  it('has siblings by start, and the longer first of those that start together', () => {
    const siblings = [
      spanRecord('2', 1, 2, { parent: '1', name: 'shorter' }),
      spanRecord('3', 1, 5, { parent: '1', name: 'longer' }),
      spanRecord('4', 0, 1, { parent: '1', name: 'earlier' }),
    ];
    const picture = renderWaterfall([...siblings, spanRecord('1', 0, 9, { name: 'root' })]);
    expect(picture.match(/root|earlier|longer|shorter/g)).toEqual(['root', 'earlier', 'longer', 'shorter']);
  });

  it('of nothing says so', () => {
    expect(renderWaterfall([])).toBe('No spans in this trace.');
  });
});

describe('bars', () => {
  it('lie where their span lies in the trace, to half a cell', () => {
    const picture = renderWaterfall([spanRecord('1', 0, 100, { name: 'root' }), spanRecord('2', 25, 75, { parent: '1', name: 'mid' })]);
    const root = rowOf(picture, 'root');
    const mid = rowOf(picture, 'mid');
    expect(barStart(mid) - barStart(root)).toBe(Math.floor(barOf(root).length / 4));
    expect(Math.abs(barOf(mid).length - barOf(root).length / 2)).toBeLessThanOrEqual(1);
  });

  it('of the shortest span still show, a moment as a cross, within the picture', () => {
    const picture = renderWaterfall([
      spanRecord('1', 0, 1_000, { name: 'root' }),
      spanRecord('2', 1_000, 1_000, { parent: '1', name: 'instant' }),
      spanRecord('3', 999.9999, 1_000, { parent: '1', name: 'short' }),
    ]);
    expect(barOf(rowOf(picture, 'instant'))).toBe('╋');
    expect(barOf(rowOf(picture, 'short'))).toBe('╺');
    expect(barStart(rowOf(picture, 'instant'))).toBe(barStart(rowOf(picture, 'root')) + barOf(rowOf(picture, 'root')).length - 1);
  });

  it('of a trace without any duration are crosses at the start', () => {
    const picture = renderWaterfall([spanRecord('1', 5, 5, { name: 'only' })]);
    expect(rowOf(picture, 'only')).toMatch(/^• only ╋ +0 ms$/);
  });

  it('of a span whose clock went backwards are a moment', () => {
    const picture = renderWaterfall([spanRecord('1', 0, 10, { name: 'root' }), spanRecord('2', 5, 3, { parent: '1', name: 'backwards' })]);
    expect(rowOf(picture, 'backwards')).toMatch(/╋ +0 ms$/);
  });
});

describe('trees that are not whole', () => {
  it('a missing parent is marked and explained', () => {
    const picture = renderWaterfall([spanRecord('2', 0, 5, { parent: '1', name: 'tools/call add', kind: 'SERVER' })]);
    expect(rowOf(picture, 'tools/call')).toMatch(/^┄ tools\/call add/);
    expect(linesOf(picture).at(-1)).toBe('┄ the parent of 1 span was not received');
  });

  it('spans that are their own ancestors are drawn once each', () => {
    const loop = [
      spanRecord('a', 0, 9, { parent: 'b', name: 'one' }),
      spanRecord('b', 1, 8, { parent: 'a', name: 'two' }),
      spanRecord('c', 2, 3, { parent: 'c', name: 'self' }),
    ];
    const picture = renderWaterfall(loop);
    expect(['one', 'two', 'self'].map((name) => linesOf(picture).filter((line) => line.includes(name)).length)).toEqual([1, 1, 1]);
  });

  it('a child process with a late clock is moved into its caller, and that is said', () => {
    const picture = renderWaterfall([
      spanRecord('1', 0, 100, { name: 'call', ...client }),
      spanRecord('2', -5_000, -4_950, { parent: '1', name: 'serve', ...serverA }),
      spanRecord('3', -4_990, -4_960, { parent: '2', name: 'query', ...serverA }),
    ]);
    expect(linesOf(picture)[0]).toContain('100 ms');
    expect(barStart(rowOf(picture, 'serve'))).toBe(barStart(rowOf(picture, '• call')));
    expect(barStart(rowOf(picture, 'query'))).toBeGreaterThan(barStart(rowOf(picture, 'serve')));
    expect(linesOf(picture).at(-1)).toBe("⇥ B: clock 5.00 s behind its caller's; its spans are moved to fit");
  });

  it('start times rounded to milliseconds do not make a child outlive its parent', () => {
    const picture = renderWaterfall([spanRecord('1', 0, 4, { name: 'parent' }), spanRecord('2', 2, 4.8, { parent: '1', name: 'child' })]);
    expect(linesOf(picture)[0]).toContain('4.00 ms');
    expect(picture).not.toContain('⇥');
  });

  it('but one that really goes on after its parent is shown so', () => {
    const picture = renderWaterfall([spanRecord('1', 0, 4, { name: 'parent' }), spanRecord('2', 2, 40, { parent: '1', name: 'child' })]);
    expect(linesOf(picture)[0]).toContain('40.0 ms');
  });
});

describe('big traces', () => {
  it('are cut after a hundred spans, and the rest is counted; a failure among it is named', () => {
    const root = spanRecord('1', 0, 300, { name: 'import', ...serverA });
    const steps = Array.from({ length: 250 }, (_, i) =>
      spanRecord(String(1_000 + i), i, i + 1, {
        parent: '1',
        name: `step ${String(i)}`,
        ...serverA,
        ...(i === 240 ? { status: { code: 'ERROR' } as const } : {}),
      }),
    );
    const lines = linesOf(renderWaterfall([root, ...steps]));
    expect(lines.filter((line) => /[━╸╺╋]/.test(line))).toHaveLength(100);
    expect(lines.slice(-2)).toEqual(['✗ step 240', '… 151 more spans are not shown']);
  });

  it('very deep ones keep the innermost branches and their names', () => {
    const chain = Array.from({ length: 60 }, (_, i) =>
      spanRecord(String(i + 1), i, 200 - i, { ...(i === 0 ? {} : { parent: String(i) }), name: `level ${String(i)}` }),
    );
    const picture = renderWaterfall(chain);
    expect(rowOf(picture, 'level 59')).toMatch(/^….*└─• level 59 /);
    expect(Math.max(...linesOf(picture).map(widthOf))).toBeLessThanOrEqual(80);
  });
});

it('names cannot steer the terminal', () => {
  const picture = renderWaterfall([
    spanRecord('1', 0, 1, {
      name: 'a\u001b[2Jb\nc',
      status: { code: 'ERROR', message: '\u001b]0;title\u0007' },
      ...fromProcess('svc\r', 1),
    }),
  ]);
  expect(rowOf(picture, 'a�[2Jb c')).toContain('✗');
  expect(picture.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
});
