import { resolve } from 'node:path';
import { prepare } from './prepare.js';

// `npm run build` runs this after everything else is built: `node --import ./tools/resolveSource.mjs tools/prepared/main.ts`

prepare(resolve('dist/handoff/storage/embedded/prepared.br'));
