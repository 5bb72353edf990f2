import { parser as logql } from '@grafana/lezer-logql';
import { parser as traceql } from '@grafana/lezer-traceql';
import { describe, expect, it } from 'vitest';
import { lineLabels, streamLabels } from '../../../../dashboards/src/names/logLabels.js';
import { spanAttributes } from '../../../../dashboards/src/names/spanAttributes.js';
import { allPanels } from '../support/panels.js';
import { hasErrors, nodesOf } from '../support/promql.js';

const queriesOf = (source: 'loki' | 'tempo'): { where: string; expr: string }[] =>
  allPanels.flatMap(({ where, panel }) =>
    panel.queries.flatMap((query) =>
      query.source === source && !(query.source === 'tempo' && query.shows === 'service map')
        ? [{ where, expr: query.expr.replaceAll('[$__auto]', '[5m]') }]
        : [],
    ),
  );

describe('the LogQL of the boards', () => {
  it.each(queriesOf('loki'))('$where parses', ({ expr }) => {
    expect(hasErrors(logql.parse(expr).topNode)).toBe(false);
  });

  it('selects streams by labels that they have, and lines by labels that we know of', () => {
    for (const { where, expr } of queriesOf('loki')) {
      const tree = logql.parse(expr).topNode;
      const matchers = nodesOf(tree, 'Matcher').map(({ from, to }) => expr.slice(from, to).split(/[=!]/)[0]);
      const inSelector = nodesOf(tree, 'Selector')
        .flatMap((node) => nodesOf(node, 'Matcher'))
        .map(({ from, to }) => expr.slice(from, to).split(/[=!]/)[0]);
      expect(inSelector.length, where).toBeGreaterThan(0);
      for (const label of inSelector) expect(streamLabels, where).toContain(label);
      const onLines = matchers.filter((label) => !inSelector.includes(label));
      for (const label of onLines) expect([...Object.values(lineLabels), '__error__'], where).toContain(label);
    }
  });
});

describe('what somebody types on the board of logs', () => {
  /** As Grafana does: texts without a format have only their apostrophes escaped for Loki. */
  const filledIn = (expr: string, text: string): string =>
    expr
      .replaceAll(/\$\{(?:event|trace|search):raw\}/g, () => text)
      .replaceAll(/\$(?:event|trace|search)\b/g, () => text.replaceAll("'", String.raw`\\'`));
  const inQuotes = (expr: string): readonly string[] => expr.match(/"[^"]*"/g) ?? [];

  it.each(['"success":false', String.raw`\d+ rows in \w+\.`, "it's", 'a|b'])('may be %s', (text) => {
    const queries = queriesOf('loki').filter(({ expr }) => /search|trace:|\$trace/.test(expr));
    expect(queries.length).toBeGreaterThan(0);
    for (const { where, expr } of queries) {
      const filled = filledIn(expr, text);
      expect(hasErrors(logql.parse(filled).topNode), where).toBe(false);
      expect(filled.split(text), where).toHaveLength(4);
      // Loki reads `\d` in double quotes as an escape that does not exist.
      for (const quoted of inQuotes(filled)) expect(quoted, where).not.toContain('\\');
    }
  });
});

describe('the TraceQL of the boards', () => {
  it.each(queriesOf('tempo'))('$where parses', ({ expr }) => {
    expect(hasErrors(traceql.parse(expr).topNode)).toBe(false);
  });

  it('asks only for attributes that our spans have', () => {
    const known = new Set<string>(Object.values(spanAttributes));
    const used = queriesOf('tempo').flatMap(({ expr }) => [...expr.matchAll(/\b(?:span|resource)\.[\w.]+/g)].map(([name]) => name));
    expect(used.length).toBeGreaterThan(10);
    expect(used.filter((name) => !known.has(name))).toEqual([]);
  });
});
