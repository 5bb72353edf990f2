import { describe, expect, it } from 'vitest';
import { boards } from '../../../../dashboards/src/boardList.js';
import { allBoards } from '../../../../dashboards/src/boards/all.js';
import { CARRIED } from '../../../../dashboards/src/panels/links.js';
import { allPanels } from '../support/panels.js';

const uids = new Set<string>(Object.values(boards).map(({ uid }) => uid));
const variablesOf = new Map(allBoards().map(({ identity, variables }) => [identity.uid, new Set(variables.map(({ name }) => name))]));

describe('the panels', () => {
  it('are on every board of the list', () => {
    expect(new Set(allPanels.map(({ board }) => board))).toEqual(uids);
  });

  it('say what they show, in which unit, and where to go on', () => {
    for (const { where, panel } of allPanels) {
      expect(panel.title.length, where).toBeGreaterThan(3);
      expect(panel.description, where).toMatch(/.{20}\.$/s);
      expect(panel.unit, where).not.toBe('');
      expect(panel.empty.length, where).toBeGreaterThan(3);
      expect(panel.links.length, where).toBeGreaterThan(0);
    }
  });

  it('have a title of their own within a row', () => {
    const all = allPanels.map(({ where }) => where);
    expect(all.filter((where, index) => all.indexOf(where) !== index)).toEqual([]);
  });

  it('lead only to boards that exist, and set only variables that these have', () => {
    const links = allPanels.flatMap(({ where, panel }) =>
      [...panel.links, ...('seriesLinks' in panel ? (panel.seriesLinks ?? []) : [])].map((link) => ({ where, link })),
    );
    for (const { where, link } of links) {
      expect(uids, where).toContain(link.to.uid);
      const known = link.pick === undefined || variablesOf.get(link.to.uid)?.has(link.pick.variable);
      expect(known, `${where}: ${link.title}`).toBe(true);
    }
  });

  it('of a board for any server never lead to a board of handoff servers only', () => {
    const forAny = new Set<string>(
      Object.values(boards)
        .filter(({ servers }) => servers === 'any')
        .map(({ uid }) => uid),
    );
    const wrong = allPanels.filter(({ board, panel }) => forAny.has(board) && panel.links.some(({ to }) => !forAny.has(to.uid)));
    expect(wrong.map(({ where }) => where)).toEqual([]);
  });
});

describe('the variables', () => {
  it('are on every board those that links carry along', () => {
    for (const [uid, names] of variablesOf) expect([...names], uid).toEqual(expect.arrayContaining([...CARRIED]));
  });

  it('are defined where a query uses them, data sources included', () => {
    for (const { where, board, panel } of allPanels) {
      const named = panel.queries.flatMap(({ expr, source }) => [
        source,
        ...[...expr.matchAll(/\$(?!__)([a-z_]\w*)/g)].map(([, name = '']) => name),
      ]);
      for (const name of named) expect([...(variablesOf.get(board) ?? [])], where).toContain(name);
    }
  });
});
