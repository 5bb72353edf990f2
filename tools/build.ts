import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { builtFrom } from './built.js';
import { bundle } from './bundle.js';
import { writeDeclarations } from './declarations.js';

// Builds the package: the bundler writes the code in few files, because Node takes far longer to find and load a few hundred small
// ones than to run them; the types are one file per entry point; beside each entry point is what `require` and CommonJS TypeScript
// get.
//
// `node --import ./tools/resolveSource.mjs tools/build.ts [folder, default dist] [--maps]`: the package has no source maps, but a
// CPU profile needs them to tell which source the time went to. Nothing is written if the folder already holds what would be written.

const { values, positionals } = parseArgs({ allowPositionals: true, options: { maps: { type: 'boolean', default: false } } });
const folder = resolve(positionals[0] ?? 'dist');
const built = builtFrom(folder, values.maps ? 'maps' : '');
if (!built.isCurrent()) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { peerDependencies = {}, peerDependenciesMeta = {} } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
  await writeDeclarations(folder, new Set(Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional === true)));
  await bundle(folder, [], values.maps);
  built.note();
}

interface Manifest {
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}
