import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

/** A selector within an expression of PromQL. */
export interface UsedSeries {
  readonly name: string;
  readonly labels: readonly string[];
  /** The function that gets it as a range, for instance `rate`. */
  readonly rangeFunction: string | undefined;
}

/** An aggregation, with the labels that it keeps and the series within it. */
export interface Grouping {
  readonly labels: readonly string[];
  readonly series: readonly string[];
}

/** Puts plain durations where Grafana puts its own. Variables stand in texts only, where they do no harm. */
export const withoutVariables = (expr: string): string => expr.replace(/\[\$__[a-z_]+\]/g, '[5m]');

export function treeOf(expr: string): SyntaxNode {
  return parser.parse(expr).topNode;
}

export function nodesOf(root: SyntaxNode, name: string): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  root.cursor().iterate((node) => {
    if (node.name === name) found.push(node.node);
  });
  return found;
}

export function hasErrors(root: SyntaxNode): boolean {
  let errors = false;
  root.cursor().iterate((node) => {
    if (node.type.isError) errors = true;
  });
  return errors;
}

/** Returns all selectors that name a series. */
export function seriesIn(expr: string, root: SyntaxNode = treeOf(expr)): UsedSeries[] {
  const text = (node: SyntaxNode): string => expr.slice(node.from, node.to);
  return nodesOf(root, 'VectorSelector').flatMap((node) => {
    const name = node.getChild('Identifier');
    if (name === null) return [];
    const labels = nodesOf(node, 'LabelName').map(text);
    const range = node.parent?.name === 'MatrixSelector' ? node.parent.parent?.parent?.getChild('FunctionIdentifier') : null;
    return [{ name: text(name), labels, rangeFunction: range === null || range === undefined ? undefined : text(range) }];
  });
}

/** Returns all aggregations that keep labels. */
export function groupingsIn(expr: string): Grouping[] {
  return nodesOf(treeOf(expr), 'AggregateExpr').flatMap((node) => {
    const labels = node.getChild('AggregateModifier')?.getChild('GroupingLabels');
    if (labels === null || labels === undefined) return [];
    const names = nodesOf(labels, 'LabelName').map(({ from, to }) => expr.slice(from, to));
    return [{ labels: names, series: seriesIn(expr, node).map(({ name }) => name) }];
  });
}
