import type { SyntaxNode, Tree } from '@lezer/common';
import { parser as logqlParser } from '@grafana/lezer-logql';
import { parser as traceqlParser } from '@grafana/lezer-traceql';
import { parser as promqlParser } from '@prometheus-io/lezer-promql';
import type { Language } from './boards.js';

const parsers = { promql: promqlParser, logql: logqlParser, traceql: traceqlParser } as const;

/** A query and what its grammar makes of it. */
export interface ParsedQuery {
  readonly text: string;
  readonly top: SyntaxNode;
}

/** @throws Error that shows the place which the grammar does not accept */
export function parse(language: Language, text: string): ParsedQuery {
  const tree = parsers[language].parse(text);
  const fault = faultOf(tree, language, text);
  if (fault !== undefined) throw new Error(`not ${language}: ${text.slice(0, fault)}⟨here⟩${text.slice(fault)}`);
  return { text, top: tree.topNode };
}

function faultOf(tree: Tree, language: Language, text: string): number | undefined {
  let fault: number | undefined;
  tree.iterate({
    enter: ({ type, from, to }) => {
      if (fault === undefined && type.isError && !isKnownGap(language, text, from, to)) fault = from;
    },
  });
  return fault;
}

/** Valid TraceQL that the grammar rejects: a quantile without its leading zero, and hints such as `with (exemplars=true)`. */
function isKnownGap(language: Language, text: string, from: number, to: number): boolean {
  if (language !== 'traceql') return false;
  const before = text.slice(0, from);
  return (text.slice(from, to) === '.' && /^\d/.test(text.slice(to))) || /\bwith\s*\(?\s*$/.test(before);
}

export function children(node: SyntaxNode): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) found.push(child);
  return found;
}

/** All nodes of a kind below a node, in the order of the text. */
export function nodesOf(node: SyntaxNode, ...names: readonly string[]): readonly SyntaxNode[] {
  return children(node).flatMap((child) => [...(names.includes(child.name) ? [child] : []), ...nodesOf(child, ...names)]);
}

export function textOf({ text }: ParsedQuery, node: SyntaxNode): string {
  return text.slice(node.from, node.to);
}

/** What a literal in quotes or backticks stands for. */
export function unquote(literal: string): string {
  if (literal.startsWith('`')) return literal.slice(1, -1);
  if (literal.startsWith("'")) return literal.slice(1, -1).replaceAll(String.raw`\'`, "'").replaceAll('\\\\', '\\');
  if (!literal.startsWith('"')) return literal;
  return literal.slice(1, -1).replaceAll(/\\(.)/gs, (_, escaped: string) => ({ n: '\n', t: '\t', r: '\r' })[escaped] ?? escaped);
}

/** A regular expression that has to match the whole text, as in all three languages. RE2's `(?i)` becomes a flag. */
export function wholeMatch(pattern: string): RegExp {
  const flags = /^\(\?([ims]+)\)/.exec(pattern);
  return new RegExp(`^(?:${pattern.slice(flags?.[0].length ?? 0)})$`, `u${flags?.[1] ?? ''}`);
}
