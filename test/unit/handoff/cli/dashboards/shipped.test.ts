import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { boards } from '../../../../../dashboards/src/boardList.js';
import { GRAFANA_URL } from '../../../../../dashboards/src/rules/options.js';
import { composeGrafana, handoffBoards, linkedTo, shippedFiles } from '../../../../../src/handoff/cli/dashboards/shipped.js';

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

describe('linkedTo', () => {
  it('has the links of all alerts lead to another Grafana, and changes nothing else', () => {
    expect(composeGrafana).toBe(GRAFANA_URL);
    const before = shippedFiles(root);
    const after = linkedTo('https://grafana.example.com/ops', before);
    const links = after.flatMap(({ text }) => text.match(/dashboard_url: .*/g) ?? []);
    expect(links.length).toBeGreaterThan(50);
    for (const link of links) expect(link).toMatch(/^dashboard_url: https:\/\/grafana\.example\.com\/ops\/d\/handoff-/);
    expect(linkedTo(composeGrafana, before)).toEqual(before);
    expect(after.filter(({ text }, index) => text !== before[index]?.text).map(({ path }) => path.replace(/[\w-]+\.yaml$/, ''))).toEqual(
      before.filter(({ path, text }) => /^alerts\/rules\//.test(path) && text.includes('dashboard_url')).map(() => 'alerts/rules/'),
    );
  });
});
