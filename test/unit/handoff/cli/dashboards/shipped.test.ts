import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { boards } from '../../../../../dashboards/src/boardList.js';
import { handoffBoards, shippedFiles } from '../../../../../src/handoff/cli/dashboards/shipped.js';

const root = join(import.meta.dirname, '..', '..', '..', '..', '..', 'dashboards');
const all = Object.values(boards);
const boardsOf = (only?: 'any' | 'handoff'): string[] =>
  shippedFiles(root, only).flatMap(({ path }) => /^boards\/(.*)\.json$/.exec(path)?.[1] ?? []);
const uids = (servers?: string): string[] =>
  all
    .filter((board) => servers === undefined || board.servers === servers)
    .map(({ uid }) => uid)
    .sort();

describe('shippedFiles', () => {
  it('has every board, and those of each kind', () => {
    expect(handoffBoards).toEqual(uids('handoff'));
    expect(boardsOf()).toEqual(uids());
    expect(boardsOf('any')).toEqual(uids('any'));
    expect(boardsOf('handoff')).toEqual(uids('handoff'));
  });

  it('has the data sources that the boards name by default', () => {
    const sources = shippedFiles(root).find(({ path }) => path === 'provisioning/datasources/datasources.yaml');
    for (const uid of ['prometheus', 'tempo', 'loki']) expect(sources?.text).toContain(`uid: ${uid}\n`);
  });

  it('has nothing where the package is incomplete', () => {
    expect(shippedFiles(join(root, 'runbooks'))).toEqual([]);
  });
});
