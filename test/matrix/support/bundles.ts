import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Way } from './axes.js';

interface Rolldown {
  build(options: object): Promise<unknown>;
}

interface Esbuild {
  build(options: object): Promise<unknown>;
}

/** Bundles a program with its libraries into one file; our package and optional parts of pg stay outside. */
export async function bundle(tools: string, way: Way, input: string, file: string, external: readonly string[]): Promise<void> {
  const require = createRequire(join(tools, 'package.json'));
  const format = way.endsWith('esm') ? 'esm' : 'cjs';
  const outside = [...external, 'pg-native'];
  if (way.startsWith('rolldown')) {
    const { build } = (await import(pathToFileURL(require.resolve('rolldown')).href)) as Rolldown;
    await build({ input, platform: 'node', logLevel: 'silent', external: outside, output: { file, format, codeSplitting: false } });
    return;
  }
  const { build } = require('esbuild') as Esbuild;
  // Its ES modules have no `require`, which CommonJS inside them needs; the usual remedy.
  const banner =
    format === 'esm'
      ? { js: "import { createRequire as requireOfBundle } from 'node:module'; const require = requireOfBundle(import.meta.url);" }
      : {};
  await build({
    entryPoints: [input],
    outfile: file,
    bundle: true,
    platform: 'node',
    format,
    external: outside,
    banner,
    logLevel: 'silent',
  });
}
