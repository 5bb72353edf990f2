import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { create, prepare } from './prepare.js';

// `npm run build` runs this after everything else is built: `node --import ./tools/resolveSource.mjs tools/prepared/main.ts`.
// With the path of a file, it creates the database anew and writes it there: `.ci/steps/pack.sh` compares the two.

const [file] = process.argv.slice(2);
if (file === undefined) prepare(resolve('dist/handoff/storage/embedded/prepared.br'));
else writeFileSync(file, create());
