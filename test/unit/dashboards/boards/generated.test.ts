import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { boards } from '../../../../dashboards/src/boardList.js';
import { boardFiles } from '../../../../dashboards/src/boardFiles.js';

const folder = join(import.meta.dirname, '..', '..', '..', '..', 'dashboards');
interface Target {
  readonly refId: string;
  readonly datasource: { readonly uid: string };
}
interface Panel {
  readonly id: number;
  readonly type: string;
  readonly gridPos: Readonly<Record<'x' | 'y' | 'w' | 'h', number>>;
  readonly targets?: readonly Target[];
}

describe('the generated boards', () => {
  it('are what the sources give: npm run dashboards writes them', () => {
    for (const { path, text } of boardFiles()) expect(readFileSync(join(folder, path), 'utf8') === text, path).toBe(true);
    expect(readdirSync(join(folder, 'generated')).sort()).toEqual(
      Object.values(boards)
        .map(({ uid }) => `${uid}.json`)
        .sort(),
    );
  });

  it('come out the same each time', () => {
    expect(boardFiles()).toEqual(boardFiles());
  });

  it.each(boardFiles())('$path has ids of its own, fits the grid and takes its data sources from variables', ({ text }) => {
    const board = JSON.parse(text) as { schemaVersion: number; timezone: string; refresh: string; panels: Panel[] };
    expect(board).toMatchObject({ schemaVersion: 42, timezone: 'browser', refresh: '1m' });
    const ids = board.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const cells = board.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    for (const { targets = [] } of board.panels) {
      for (const target of targets) expect(target.datasource.uid).toMatch(/^\$\{(prometheus|loki|tempo|postgres)\}$/);
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
    }
  });
});
