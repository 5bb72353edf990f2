import type { SyntaxNode } from '@lezer/common';
import { knownSeries } from '../../../../dashboards/src/names/known.js';
import { nodesOf, treeOf } from './promql.js';

/** Exponents of seconds, bytes and counted things: `{ n: 1, s: -1 }` is a rate. A plain number has none and fits everywhere. */
export type Dimension = Readonly<Partial<Record<'s' | 'By' | 'n', number>>>;

/** Returns the dimension of an expression of PromQL; throws for what it does not know. */
export function dimensionOf(expr: string): Dimension {
  const root = treeOf(expr).firstChild;
  if (root === null) throw new TypeError(`${expr} is empty.`);
  return clean(of(root, expr) ?? {});
}

function of(node: SyntaxNode, expr: string): Dimension | undefined {
  switch (node.name) {
    case 'NumberDurationLiteral':
      return undefined;
    case 'ParenExpr':
      return inner(node, expr);
    case 'MatrixSelector':
      return inner(node, expr);
    case 'VectorSelector':
      return ofSeries(node, expr);
    case 'AggregateExpr':
      return ofAggregate(node, expr);
    case 'FunctionCall':
      return ofFunction(node, expr);
    case 'BinaryExpr':
      return ofBinary(node, expr);
    default:
      throw new TypeError(`A test must learn what ${node.name} in ${expr} is measured in.`);
  }
}

function inner(node: SyntaxNode, expr: string): Dimension | undefined {
  const child = node.firstChild;
  return child === null ? undefined : of(child, expr);
}

function ofSeries(node: SyntaxNode, expr: string): Dimension {
  const [identifier] = nodesOf(node, 'Identifier');
  if (identifier === undefined) return { n: 1 };
  const name = expr.slice(identifier.from, identifier.to);
  // Recorded series say what they are in their names.
  if (name.includes(':')) return /:ratio\w+$/.test(name) ? {} : { n: 1 };
  const known = knownSeries.get(name);
  if (known === undefined) throw new TypeError(`Nothing records ${name}.`);
  if (known.part === 'bucket' || known.part === 'count') return { n: 1 };
  return { s: { s: 1 }, By: { By: 1 }, '1': {} }[known.unit] ?? { n: 1 };
}

function ofAggregate(node: SyntaxNode, expr: string): Dimension | undefined {
  const operator = node.getChild('AggregateOp');
  const argument = node.getChild('FunctionCallBody')?.lastChild;
  if (operator !== null && expr.slice(operator.from, operator.to) === 'count') return { n: 1 };
  return argument === null || argument === undefined ? undefined : of(argument, expr);
}

function ofFunction(node: SyntaxNode, expr: string): Dimension | undefined {
  const identifier = node.getChild('FunctionIdentifier');
  const name = identifier === null ? '' : expr.slice(identifier.from, identifier.to);
  if (name === 'time') return { s: 1 };
  const body = node.getChild('FunctionCallBody');
  const first = body?.firstChild;
  if (first === null || first === undefined) throw new TypeError(`${name}() has no argument in ${expr}.`);
  if (name === 'rate') return minus(of(first, expr) ?? {}, { s: 1 });
  if (['increase', 'label_replace', 'sort_desc'].includes(name)) return of(first, expr);
  if (name === 'vector') return undefined;
  if (name !== 'histogram_quantile') throw new TypeError(`A test must learn what ${name}() returns.`);
  const [series] = nodesOf(node, 'VectorSelector').map(({ from, to }) => expr.slice(from, to).split('{')[0] ?? '');
  return { s: { s: 1 }, By: { By: 1 } }[knownSeries.get(series ?? '')?.unit ?? ''] ?? { n: 1 };
}

function ofBinary(node: SyntaxNode, expr: string): Dimension | undefined {
  const [left, right] = [node.firstChild, node.lastChild];
  if (left === null || right === null) return undefined;
  const [a, b] = [of(left, expr), of(right, expr)];
  if (node.getChild('Div') !== null) return minus(a ?? {}, b ?? {});
  return a ?? b;
}

function minus(a: Dimension, b: Dimension): Dimension {
  return { s: (a.s ?? 0) - (b.s ?? 0), By: (a.By ?? 0) - (b.By ?? 0), n: (a.n ?? 0) - (b.n ?? 0) };
}

function clean(dimension: Dimension): Dimension {
  return Object.fromEntries(Object.entries(dimension).filter(([, exponent]) => exponent !== 0));
}
