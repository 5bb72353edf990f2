import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PUBLIC_ENTRIES } from './entries.js';

/**
 * The rule of `src/instrumentation/loading/supportedNode.ts`, and whether this is the thread of Node's module hooks, which cannot
 * require ES modules. It does not use `require('node:worker_threads')`: bundlers that produce ES modules leave a `require` that
 * throws.
 */
const CAN_LOAD = `(major > 23 || (major === 23 && minor >= 7) || (major === 22 && minor >= 15)) && !process.getBuiltinModule('node:worker_threads').isInternalThread`;

/**
 * Writes the files that the condition `require` of package.json names, beside each entry point: a `.cjs` that re-exports the ES
 * module, so that there is one copy of everything, and its types.
 *
 * The types are not copies: TypeScript would treat those of `import` and those of `require` as different types.
 *
 * @param separate the folder with the declaration file that TypeScript created from each source
 */
export function writeCommonJs(separate: string, folder: string): void {
  for (const entry of PUBLIC_ENTRIES) {
    const exported = exportsOf(join(separate, `${entry}.d.ts`));
    writeFileSync(join(folder, `${entry}.cjs`), code(entry, exported));
    writeFileSync(join(folder, `${entry}.d.cts`), declarations(entry, exported));
  }
}

interface Value {
  readonly name: string;
  readonly isClass: boolean;
  /** With a trailing line break; empty when there is none. */
  readonly comment: string;
}

interface Exported {
  readonly values: readonly Value[];
  readonly types: readonly string[];
}

const LIST = /^export (type )?\{([^}]*)\} from '([^']+)';$/gmu;

/**
 * Returns what an entry point exports, from its declaration file, which has nothing but lists of names
 * (`test/contract/exports.test.ts`).
 */
function exportsOf(file: string): Exported {
  const source = readFileSync(file, 'utf8');
  const lists = [...source.matchAll(LIST)].map(([, type, names = '', from = '']) => ({
    isType: type !== undefined,
    from: join(dirname(file), from.replace(/\.js$/u, '.d.ts')),
    names: names
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  }));
  const others = [...source.matchAll(/^export (?!\{\};$).*/gmu)].length - lists.length;
  if (others > 0) throw new Error(`${file} has an export other than \`export { … } from\`, which tools/commonJs.ts cannot read.`);
  return {
    values: lists.filter(({ isType }) => !isType).flatMap(({ names, from }) => names.map((name) => valueOf(name, from))),
    types: lists.filter(({ isType }) => isType).flatMap(({ names }) => names),
  };
}

function valueOf(name: string, file: string): Value {
  const found = new RegExp(
    `(?:^(/\\*\\*(?:(?!\\*/)[\\s\\S])*\\*/\\n))?^export declare (?:abstract )?(class|function|const) ${name}\\b(<)?`,
    'mu',
  ).exec(readFileSync(file, 'utf8'));
  if (found === null) throw new Error(`tools/commonJs.ts finds no class, function or constant ${name} in ${file}.`);
  return { name, isClass: found[2] === 'class', comment: found[1] ?? '' };
}

/** What these entry points export can be replaced by something that does nothing, so that a program without telemetry still runs. */
const REPLACEABLE: ReadonlySet<string> = new Set(['index', 'register', 'mcp']);

function code(entry: string, { values }: Exported): string {
  const es = `module.exports = require('./${entry}.js')`;
  const idle = `require('./idle.cjs')`;
  const names = JSON.stringify(values.map(({ name }) => name))
    .replaceAll('"', "'")
    .replaceAll(',', ', ');
  const replacement = (reason: string): string =>
    values.length === 0
      ? `${idle}.registerUnavailable(${reason})`
      : `module.exports = ${idle}.unavailableExports(${[names, reason].filter((given) => given !== '').join(', ')})`;
  return `'use strict';
// The ES module, of which there is one copy. Everything before it must be understood by every version of Node.
const [major, minor] = process.versions.node.split('.').map(Number);
if (${CAN_LOAD}) ${REPLACEABLE.has(entry) ? unlessRefused(es, replacement('true')) : `${es};`}
else ${replacement('')};
`;
}

/** Node with `--no-experimental-require-module`, and Jest without `--experimental-vm-modules`, refuse to `require` an ES module. */
function unlessRefused(statement: string, replacement: string): string {
  return `{
  try {
    ${statement};
  } catch (error) {
    if (!error || error.code !== 'ERR_REQUIRE_ESM') throw error;
    ${replacement};
  }
}`;
}

function declarations(entry: string, { values, types }: Exported): string {
  if (values.length === 0) return 'export {};\n';
  const from = `'./${entry}.js' with { 'resolution-mode': 'import' }`;
  const declared = values.map(
    ({ name, isClass, comment }) =>
      `${comment}export declare const ${name}: typeof es.${name};\n${isClass ? `export type ${name} = es.${name};\n` : ''}`,
  );
  return `import type * as es from ${from};\n${types.length === 0 ? '' : `export type { ${types.join(', ')} } from ${from};\n`}${declared.join('')}`;
}
