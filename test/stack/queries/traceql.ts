import type { SyntaxNode } from '@lezer/common';
import type { CapturedSpan } from './captured.js';
import { attributeOf, intrinsicOf, Keyword } from './spanFields.js';
import type { FieldValue, TraceFacts } from './spanFields.js';
import { children, parse, textOf, unquote, wholeMatch } from './syntax.js';
import type { ParsedQuery } from './syntax.js';

/** Whether one span passes the conditions between the braces of a TraceQL query. */
export type SpanTest = (span: CapturedSpan, trace: TraceFacts) => boolean;

/** Reads the conditions of `{ … }`, the node SpansetFilter. @throws Error for what it does not know */
export function spanTest(query: ParsedQuery, filter: SyntaxNode): SpanTest {
  const [condition] = children(filter).filter(({ name }) => name === 'FieldExpression');
  if (condition === undefined) return () => true;
  return (span, trace) => evaluate(query, condition, span, trace) === true;
}

/** The conditions that stand alone in a query, so that one that no span meets can be named. */
export function leaves(node: SyntaxNode): readonly SyntaxNode[] {
  const parts = children(node);
  if (node.name === 'FieldExpression' && parts.some(({ name }) => name === 'FieldOp')) return [node];
  return parts.flatMap(leaves);
}

export function evaluate(query: ParsedQuery, node: SyntaxNode, span: CapturedSpan, trace: TraceFacts): FieldValue {
  const [left, operator, right] = children(node);
  if (left === undefined) throw new Error(`the evaluator cannot read ${textOf(query, node)}`);
  if (operator !== undefined && right !== undefined) {
    const first = evaluate(query, left, span, trace);
    const second = evaluate(query, right, span, trace);
    if (operator.name === 'And') return first === true && second === true;
    if (operator.name === 'Or') return first === true || second === true;
    return compare(first, textOf(query, operator), second);
  }
  if (left.name === 'FieldExpression') {
    const value = evaluate(query, left, span, trace);
    const sign = textOf(query, node)[0];
    if (sign === '!') return value !== true;
    return sign === '-' && typeof value === 'number' ? -value : value;
  }
  return fieldValue(query, left, span, trace);
}

/** The value of a field or a literal. */
export function fieldValue(query: ParsedQuery, node: SyntaxNode, span: CapturedSpan, trace: TraceFacts): FieldValue {
  if (node.name === 'IntrinsicField') return intrinsicOf(textOf(query, node), span, trace);
  if (node.name === 'AttributeField') {
    const parts = children(node);
    const key = parts.find(({ name }) => name === 'Identifier');
    const scope = parts.find(({ name }) => name !== 'Identifier')?.name ?? '';
    return attributeOf(scope, key === undefined ? '' : unquote(textOf(query, key)), span);
  }
  return literal(textOf(query, node));
}

const SECONDS: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };

function literal(text: string): FieldValue {
  if (/^["'`]/.test(text)) return unquote(text);
  if (/^-?[\d.]+$/.test(text)) return Number(text);
  const parts = [...text.matchAll(/([\d.]+)(ns|us|µs|ms|s|m|h)/g)];
  if (/^\d/.test(text) && parts.length > 0) {
    return parts.reduce((sum, [, count = '0', unit = 's']) => sum + Number(count) * (SECONDS[unit] ?? 0), 0);
  }
  if (text === 'true' || text === 'false') return text === 'true';
  return text === 'nil' ? undefined : new Keyword(text);
}

/** As Tempo compares: values of different types are neither equal nor unequal, and a missing one equals only `nil`. */
function compare(left: FieldValue, operator: string, right: FieldValue): boolean {
  if (Array.isArray(left)) return left.some((each: FieldValue) => compare(each, operator, right));
  if (right === undefined) return operator === '=' ? left === undefined : left !== undefined;
  const first = left instanceof Keyword ? left.word : left;
  const second = right instanceof Keyword ? right.word : right;
  if (typeof first !== typeof second || left instanceof Keyword !== right instanceof Keyword) return false;
  switch (operator) {
    case '=':
      return first === second;
    case '!=':
      return first !== second;
    case '=~':
      return wholeMatch(String(second)).test(String(first));
    case '!~':
      return !wholeMatch(String(second)).test(String(first));
    case '>':
      return Number(first) > Number(second);
    case '>=':
      return Number(first) >= Number(second);
    case '<':
      return Number(first) < Number(second);
    case '<=':
      return Number(first) <= Number(second);
    default:
      throw new Error(`the evaluator does not know the operator ${operator}: add it to traceql.ts`);
  }
}

/** @throws Error that shows the place which the grammar does not accept */
export const parseTraceql = (text: string): ParsedQuery => parse('traceql', text);
