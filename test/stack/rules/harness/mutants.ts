import { parser } from '@prometheus-io/lezer-promql';
import { EQUIVALENCES } from './equivalent.js';

/** A rule's expression with one thing in it changed. */
export interface Mutant {
  /** What was changed, for a person. */
  readonly change: string;
  readonly expr: string;
}

const FACTORS: readonly (readonly [unit: string, ms: number])[] = [
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
];

/**
 * Returns every mutant of an expression: each name of a metric, name and value of a label, number, duration and comparison, changed
 * alone. Numbers and durations are doubled and halved. What means the same as before is left out.
 */
export function mutants(expr: string): Mutant[] {
  const found: Mutant[] = [];
  const replace = (from: number, to: number, texts: readonly string[]): void => {
    const old = expr.slice(from, to);
    // What stands before it tells equal texts apart.
    const context = expr.slice(Math.max(0, from - 24), from).replace(/\s+/g, ' ');
    const [before, after] = [expr.slice(0, from), expr.slice(to)];
    const isChange = (text: string): boolean => !EQUIVALENCES.some(({ is }) => is(before, after, text));
    for (const text of texts.filter(isChange)) found.push({ change: `…${context}[${old} → ${text}]`, expr: before + text + after });
  };
  parser.parse(expr).iterate({
    enter: ({ type, from, to }) => {
      const changed = changes[type.name]?.(expr.slice(from, to));
      if (changed !== undefined) replace(from, to, changed);
    },
  });
  return found;
}

const otherName = (name: string): string[] => [`${name}_renamed`];

/** What each kind of node becomes. */
const changes: Readonly<Record<string, (text: string) => readonly string[] | undefined>> = {
  Identifier: otherName,
  LabelName: otherName,
  StringLiteral: (text) => (/^"[$(_m]/.test(text) ? undefined : [`"renamed"`]),
  NumberDurationLiteral: scaled,
  NumberDurationLiteralInDurationContext: scaled,
  Gtr: () => ['<'],
  Lss: () => ['>'],
  Gte: () => ['<'],
  EqlC: () => ['!='],
};

/** Doubled and halved; 0 becomes 1. */
function scaled(text: string): string[] {
  const [, number = '', unit = ''] = /^([\d.]+)([a-z]*)$/.exec(text) ?? [];
  const value = Number(number);
  const factor = FACTORS.find(([name]) => name === unit)?.[1];
  if (factor !== undefined) return [`${String(value * factor * 2)}ms`, `${String((value * factor) / 2)}ms`];
  return value === 0 ? ['1'] : [String(value * 2), String(value / 2)];
}
