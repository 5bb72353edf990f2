import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files that users import from, and that need types of Node. */
const ENTRIES = ['index', 'mcp', 'services', 'server', 'testing'];

/** A line that names a package, which is where TypeScript reports that it is missing. */
const NAMES_PACKAGE = /^.*(?:\bfrom |\bimport\()(['"])((?:@[^'"/]+\/)?[^'"./][^'"/]*)[^'"]*\1.*$/gmu;

/**
 * Makes the declaration files hold whatever is installed, without `skipLibCheck`.
 *
 * - A package that is optional may be absent, or have no types: what comes from it is `any` then, and cannot be used anyway.
 * - Types of Node are asked for by name: since version 6 TypeScript includes no package of `@types` by itself.
 *
 * @param optional packages that npm does not install with ours
 */
export function mendDeclarations(folder: string, optional: ReadonlySet<string>): void {
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.d.ts'))) {
    const path = join(folder, file);
    const source = readFileSync(path, 'utf8');
    const mended = source.replaceAll(NAMES_PACKAGE, (line, _quote, name: string) =>
      optional.has(name) ? `// @ts-ignore It may not be installed.\n${line}` : line,
    );
    const nodeTypes = ENTRIES.some((entry) => file === `${entry}.d.ts`) ? '/// <reference types="node" />\n' : '';
    if (mended !== source || nodeTypes !== '') writeFileSync(path, nodeTypes + mended);
  }
}
