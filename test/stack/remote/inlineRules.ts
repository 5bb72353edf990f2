import type { SyntaxNode } from '@lezer/common';
import { children, nodesOf, parse, textOf } from '../queries/syntax.js';
import type { RuleExpression } from './ruleFiles.js';

/** Of a recorded series over time, when its expression stands in its place. */
const SUBQUERY_STEP = '1m';
/** Rules build on rules, three deep at most. */
const DEEPEST = 8;

/**
 * The query with the expression of its rule in place of each recorded series, matchers left out, for a Prometheus that has not loaded
 * the rules. What belongs to other services is in the answer too.
 */
export function inlineRules(query: string, rules: readonly RuleExpression[], depth = 0): string {
  if (depth > DEEPEST) throw new Error(`the rules of ${query} build on each other without an end`);
  const parsed = parse('promql', query);
  const replacements = nodesOf(parsed.top, 'VectorSelector').flatMap((selector) => {
    const [name] = children(selector).filter(({ name: kind }) => kind === 'Identifier');
    const rule = name === undefined ? undefined : rules.find((each) => each.name === textOf(parsed, name));
    if (rule === undefined || !rule.name.includes(':')) return [];
    const { parent } = selector;
    const expr = `(${inlineRules(rule.expr, rules, depth + 1)})`;
    return parent?.name === 'MatrixSelector' ? [subquery(parent, expr, textOf(parsed, parent))] : [{ node: selector, text: expr }];
  });
  return replacements.reduceRight((text, { node, text: by }) => text.slice(0, node.from) + by + text.slice(node.to), query);
}

function subquery(node: SyntaxNode, expr: string, text: string): { readonly node: SyntaxNode; readonly text: string } {
  const window = /\[([^\]]+)\]$/.exec(text)?.[1] ?? SUBQUERY_STEP;
  return { node, text: `${expr}[${window}:${SUBQUERY_STEP}]` };
}
