import type { SyntaxNode } from '@lezer/common';
import { children, textOf, unquote, wholeMatch } from './syntax.js';
import type { ParsedQuery } from './syntax.js';

export type Labels = ReadonlyMap<string, string>;

/** `name="value"` and its three relatives. A label that is missing is the empty text. */
export function matcherHolds(query: ParsedQuery, matcher: SyntaxNode, labels: Labels): boolean {
  const [name, operator, literal] = children(matcher);
  if (name === undefined || operator === undefined || literal === undefined) throw unreadable(query, matcher);
  const value = labels.get(textOf(query, name)) ?? '';
  const wanted = unquote(textOf(query, literal));
  switch (textOf(query, operator)) {
    case '=':
      return value === wanted;
    case '!=':
      return value !== wanted;
    case '=~':
      return wholeMatch(wanted).test(value);
    case '!~':
      return !wholeMatch(wanted).test(value);
    default:
      throw unreadable(query, matcher);
  }
}

/** A condition of a pipeline: matchers and comparisons of numbers, joined by `and`, `or` and commas. */
export function labelFilterHolds(query: ParsedQuery, filter: SyntaxNode, labels: Labels): boolean {
  const parts = children(filter);
  const [first, second, third] = parts;
  if (first === undefined) throw unreadable(query, filter);
  if (first.name === 'Matcher') return matcherHolds(query, first, labels);
  if (first.name === 'NumberFilter') return numberHolds(query, children(first), labels);
  if (first.name === 'UnitFilter') return numberHolds(query, children(children(first)[0] ?? first), labels);
  if (first.name !== 'LabelFilter') throw unreadable(query, filter);
  if (second === undefined) return labelFilterHolds(query, first, labels);
  const last = third ?? second;
  const left = labelFilterHolds(query, first, labels);
  const right = labelFilterHolds(query, last, labels);
  return second.name === 'Or' ? left || right : left && right;
}

const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  KiB: 1024,
  MiB: 1024 ** 2,
};

function numberHolds(query: ParsedQuery, [name, operator, literal]: readonly SyntaxNode[], labels: Labels): boolean {
  if (name === undefined || operator === undefined || literal === undefined) throw new Error(`the evaluator cannot read ${query.text}`);
  const text = labels.get(textOf(query, name)) ?? '';
  const bound = numberOf(textOf(query, literal));
  // Loki reads a bare number neither as a duration nor the other way round.
  const value = /[a-zµ]\s*$/i.test(text) === /[a-zµ]\s*$/i.test(textOf(query, literal)) ? numberOf(text) : Number.NaN;
  // A label that is no number fails every comparison.
  if (Number.isNaN(value)) return false;
  switch (textOf(query, operator)) {
    case '>':
      return value > bound;
    case '>=':
      return value >= bound;
    case '<':
      return value < bound;
    case '<=':
      return value <= bound;
    case '==':
    case '=':
      return value === bound;
    case '!=':
      return value !== bound;
    default:
      throw unreadable(query, operator);
  }
}

function numberOf(text: string): number {
  const [, count, unit = ''] = /^\s*(-?[\d.]+)\s*([A-Za-zµ]*)\s*$/.exec(text) ?? [];
  if (count === undefined) return Number.NaN;
  return Number(count) * (unit === '' ? 1 : (UNITS[unit] ?? Number.NaN));
}

/** `|= "text"` and its three relatives, on the line itself. */
export function lineFilterHolds(query: ParsedQuery, filter: SyntaxNode, line: string): boolean {
  const [operator, literal] = children(filter);
  if (operator === undefined || literal === undefined) throw unreadable(query, filter);
  const wanted = unquote(textOf(query, literal));
  switch (textOf(query, operator)) {
    case '|=':
      return line.includes(wanted);
    case '!=':
      return !line.includes(wanted);
    case '|~':
      return new RegExp(wanted.replace(/^\(\?i\)/, ''), wanted.startsWith('(?i)') ? 'iu' : 'u').test(line);
    case '!~':
      return !new RegExp(wanted.replace(/^\(\?i\)/, ''), wanted.startsWith('(?i)') ? 'iu' : 'u').test(line);
    default:
      throw unreadable(query, filter);
  }
}

export function unreadable(query: ParsedQuery, node: SyntaxNode): Error {
  return new Error(`the evaluator does not know ${textOf(query, node)} (${node.name}): add it to logql.ts`);
}
