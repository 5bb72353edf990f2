import type { SyntaxNode } from '@lezer/common';
import type { CapturedLog } from './captured.js';
import { labelFilterHolds, lineFilterHolds, matcherHolds, unreadable } from './logql.js';
import { lokiEntry } from './lokiEntry.js';
import type { LokiEntry } from './lokiEntry.js';
import { children, nodesOf, parse, textOf } from './syntax.js';
import type { ParsedQuery } from './syntax.js';

/** What a LogQL query finds in captured log records. */
export interface LogSearch {
  readonly entries: readonly LokiEntry[];
  /** Why it finds nothing, or which of the labels that it groups by no entry found has. Empty: it does what it should. */
  readonly faults: readonly string[];
}

/** Runs a query as far as panels and links use LogQL: each of its selectors must find something. @throws Error for what it does not know */
export function searchLogs(text: string, logs: readonly CapturedLog[]): LogSearch {
  const query = parse('logql', text);
  const entries = logs.map(lokiEntry);
  const selections = nodesOf(query.top, 'LogExpr', 'LogRangeExpr');
  if (selections.length === 0) throw new Error(`the evaluator found no selector in ${text}`);
  const faults: string[] = [];
  const found = selections.flatMap((selection) => select(query, selection, entries, faults));
  if (found.length > 0) {
    for (const label of nodesOf(query.top, 'Grouping')
      .filter((grouping) => textOf(query, grouping).startsWith('by'))
      .flatMap(labelsOf)) {
      const name = textOf(query, label);
      if (!found.some(({ labels }) => labels.has(name))) faults.push(`none of the ${found.length} lines found has the label ${name}`);
    }
  }
  return { entries: found, faults };
}

const labelsOf = (grouping: SyntaxNode): readonly SyntaxNode[] => nodesOf(grouping, 'Identifier');

function select(query: ParsedQuery, selection: SyntaxNode, all: readonly LokiEntry[], faults: string[]): readonly LokiEntry[] {
  let entries = all;
  for (const { node, apply } of stagesOf(query, selection)) {
    const next = entries.flatMap((entry) => apply(entry) ?? []);
    if (next.length === 0) {
      faults.push(`${textOf(query, node)} leaves none of ${entries.length} lines`);
      return [];
    }
    entries = next;
  }
  return entries;
}

interface Stage {
  readonly node: SyntaxNode;
  /** The entry as the stage leaves it, or nothing if it filters it out. */
  readonly apply: (entry: LokiEntry) => LokiEntry | undefined;
}

function stagesOf(query: ParsedQuery, selection: SyntaxNode): readonly Stage[] {
  const keepIf = (node: SyntaxNode, test: (entry: LokiEntry) => boolean): Stage => ({
    node,
    apply: (entry) => (test(entry) ? entry : undefined),
  });
  return nodesOf(selection, 'Selector', 'PipelineStage', 'UnwrapExpr').flatMap((node): readonly Stage[] => {
    if (node.name === 'Selector') {
      // One at a time, so that the one which nothing matches can be named. Only labels of the index may stand here.
      return nodesOf(node, 'Matcher').map((matcher) => keepIf(matcher, ({ indexLabels }) => matcherHolds(query, matcher, indexLabels)));
    }
    if (node.name === 'UnwrapExpr') return unwrapStages(query, node, keepIf);
    const [content] = children(node).filter(({ name }) => name !== 'Pipe');
    switch (content?.name) {
      case 'LineFilters':
        return nodesOf(node, 'LineFilter').map((filter) => keepIf(filter, ({ line }) => lineFilterHolds(query, filter, line)));
      case 'LabelFilter':
        return [keepIf(content, ({ labels }) => labelFilterHolds(query, content, labels))];
      case 'LabelParser':
        if (textOf(query, content).trim() !== 'json') throw unreadable(query, content);
        return [{ node: content, apply: withJson }];
      case 'LineFormatExpr':
      case 'LabelFormatExpr':
      case 'DecolorizeExpr':
      case 'KeepLabelsExpr':
      case 'DropLabelsExpr':
        return [];
      default:
        throw unreadable(query, content ?? node);
    }
  });
}

function unwrapStages(
  query: ParsedQuery,
  node: SyntaxNode,
  keepIf: (node: SyntaxNode, test: (entry: LokiEntry) => boolean) => Stage,
): readonly Stage[] {
  const parts = children(node);
  const filter = parts.find(({ name }) => name === 'LabelFilter');
  if (filter !== undefined) return [keepIf(filter, ({ labels }) => labelFilterHolds(query, filter, labels))];
  const label = nodesOf(node, 'Identifier').at(-1);
  if (label === undefined) throw unreadable(query, node);
  return [keepIf(node, ({ labels }) => /^-?[\d.]+/.test(labels.get(textOf(query, label)) ?? ''))];
}

function withJson(entry: LokiEntry): LokiEntry {
  try {
    const parsed: unknown = JSON.parse(entry.line);
    const extracted = Object.entries(parsed as Readonly<Record<string, unknown>>).map(([key, value]): readonly [string, string] => [
      entry.labels.has(key) ? `${key}_extracted` : key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]);
    return { ...entry, labels: new Map([...entry.labels, ...extracted]) };
  } catch {
    return { ...entry, labels: new Map([...entry.labels, ['__error__', 'JSONParserErr']]) };
  }
}
