import type { FieldMark } from './fieldMarks.js';
import { INSTANCE_KEY } from './instances.js';

/** How far before and after the name an initialiser can reach. */
const REACH_BEFORE = 40;
const REACH_AFTER = 200;

/**
 * The ways an initialiser is written after TypeScript, a bundler and a minifier. `before` ends where the name begins, `after`
 * begins where it ends; the group is what is between name and value. `\\` and `\n`: some bundlers write modules as strings for
 * `eval`.
 *
 * Where one of these matches, the value is an expression that can be parenthesised, whatever comes before and after.
 */
const SHAPES: readonly { readonly before: RegExp; readonly after: (value: string) => RegExp }[] = [
  // this.name = new Map(), (v1, and all fields lowered by tsc without define semantics)
  { before: /(?:(?<![\w$.#"'`])|(?<=\\[nt]))this\.$/, after: (value) => new RegExp(`^(\\s*=\\s*)${value}(?=\\s*[;,})])`) },
  // name = new Map(); (a class field). Before a brace only after a semicolon: otherwise it may be a parameter's default, where
  // `this` can be out of reach.
  { before: /(?:[;{}\n]|\*\/|\\[nt])\s*$/, after: (value) => new RegExp(`^(\\s*=\\s*)${value}(?=\\s*;)`) },
  { before: /;\s*$/, after: (value) => new RegExp(`^(\\s*=\\s*)${value}(?=\\s*\\})`) },
  // __publicField(this, "name", new Map()) (esbuild, rolldown, swc and Babel, each with its own name for the function)
  { before: /\(\s*this\s*,\s*\\?["'`]$/, after: (value) => new RegExp(`^(\\\\?["'\`]\\s*,\\s*)${value}(?=\\s*\\))`) },
  // Object.defineProperty(this, "name", { enumerable: true, …, value: new Map() }) (tsc)
  {
    before: /\(\s*this\s*,\s*\\?["'`]$/,
    after: (value) => new RegExp(`^(\\\\?["'\`]\\s*,\\s*\\{[^{}]*?\\bvalue\\s*:\\s*)${value}(?=\\s*[,}])`),
  },
];

const VALUES = { map: '((?:\\/\\*\\s*[#@]__PURE__\\s*\\*\\/\\s*)?new Map(?:\\(\\s*\\))?)', object: '(\\{\\s*\\})' } as const;

const forms = { map: shapesWith(VALUES.map), object: shapesWith(VALUES.object) };

function shapesWith(value: string): readonly { readonly before: RegExp; readonly after: RegExp }[] {
  return SHAPES.map(({ before, after }) => ({ before, after: after(value) }));
}

/**
 * Returns the source with every marked initialiser handing over the instance first; `undefined` if there is none that we
 * understand. Lines keep their numbers. What is added is balanced and has no quote, backslash, slash or line break, so that it
 * breaks nothing where the text turns out to be part of a string or comment. A second run finds nothing.
 */
export function withMarkedFields(source: string, marks: readonly FieldMark[]): string | undefined {
  const found = marks.filter(({ beside }) => source.includes(beside)).flatMap((mark) => [...initialisersOf(source, mark)]);
  if (found.length === 0) return undefined;
  // All at once: bundles are large, and each copy of one noticeably delays startup.
  const parts: string[] = [];
  let done = 0;
  for (const { start, end } of found.sort((one, other) => one.start - other.start)) {
    parts.push(source.slice(done, start), `(globalThis.${INSTANCE_KEY}?.(this),${source.slice(start, end)})`);
    done = end;
  }
  parts.push(source.slice(done));
  return parts.join('');
}

/** Whether `withMarkedFields` would find any. */
export function hasMarkedFields(source: string, marks: readonly FieldMark[]): boolean {
  return marks.some((mark) => source.includes(mark.beside) && [...initialisersOf(source, mark)].length > 0);
}

/** Where a value begins and ends. */
interface Span {
  readonly start: number;
  readonly end: number;
}

function* initialisersOf(source: string, { field, value }: FieldMark): Generator<Span> {
  for (let at = source.indexOf(field); at !== -1; at = source.indexOf(field, at + field.length)) {
    const afterName = at + field.length;
    const found = initialiserAt(source.slice(Math.max(0, at - REACH_BEFORE), at), source.slice(afterName, afterName + REACH_AFTER), value);
    if (found !== undefined) yield { start: afterName + found.start, end: afterName + found.end };
  }
}

/** Offsets are counted from the end of the name. */
function initialiserAt(before: string, after: string, kind: FieldMark['value']): Span | undefined {
  for (const shape of forms[kind]) {
    const [, lead, value] = shape.before.test(before) ? (shape.after.exec(after) ?? []) : [];
    if (lead !== undefined && value !== undefined) return { start: lead.length, end: lead.length + value.length };
  }
  return undefined;
}
