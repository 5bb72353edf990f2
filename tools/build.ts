import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { bundle } from './bundle.js';
import { writeCommonJs } from './commonJs.js';
import { mendDeclarations } from './declarations.js';

// Builds the package: types by TypeScript, one file for each source; code by the bundler, in few files, because Node takes far
// longer to find and load a few hundred small ones than to run them. Beside each entry point, what `require` and CommonJS TypeScript get.
//
// `node --import ./tools/resolveSource.mjs tools/build.ts [folder, default dist]`

const folder = resolve(process.argv[2] ?? 'dist');
rmSync(folder, { recursive: true, force: true });
execFileSync(
  process.execPath,
  ['node_modules/typescript7/bin/tsc', '-p', 'tsconfig.build.json', '--emitDeclarationOnly', '--outDir', folder],
  { stdio: 'inherit' },
);
const { peerDependencies = {}, peerDependenciesMeta = {} } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
mendDeclarations(folder, new Set(Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional === true)));
writeCommonJs(folder);
await bundle(folder);

interface Manifest {
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}
