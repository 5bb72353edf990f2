import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { bundle } from './bundle.js';
import { prepare } from './prepare.js';

// Builds the package: types by TypeScript, one file for each source; code by the bundler, in few files, because Node takes far
// longer to find and load a few hundred small ones than to run them.
//
// `node --import ./tools/resolveSource.mjs tools/build.ts [folder, default dist]`

const folder = resolve(process.argv[2] ?? 'dist');
rmSync(folder, { recursive: true, force: true });
execFileSync(process.execPath, ['node_modules/typescript7/bin/tsc', '-p', 'tsconfig.build.json', '--emitDeclarationOnly', '--outDir', folder], { stdio: 'inherit' });
await bundle(folder);
prepare(resolve(folder, 'storage/embedded/prepared.br'));
