import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** As much of Rolldown as we use. */
interface Bundler {
  build(options: object): Promise<{ readonly output: readonly [{ readonly code: string }] }>;
}

/** The bundler that Vitest brings, by way of Vite: it is no dependency of ours. */
export async function bundler(): Promise<Bundler> {
  const vitest = createRequire(import.meta.resolve('vitest/node'));
  const vite = createRequire(vitest.resolve('vite'));
  return (await import(pathToFileURL(vite.resolve('rolldown')).href)) as Bundler;
}

const ENTRIES = {
  v1: `export { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'; export { Client } from '@modelcontextprotocol/sdk/client/index.js'; export { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';`,
  v2: `export { McpServer, InMemoryTransport } from '@modelcontextprotocol/server'; export { Client } from '@modelcontextprotocol/client';`,
} as const;

/** A whole SDK, server and client, in one file. */
export interface Bundle {
  readonly name: string;
  readonly sdk: keyof typeof ENTRIES;
  readonly code: string;
}

/** Both SDKs, for old and new targets (class fields are lowered or not), minified and not. */
export async function bundlesOf(format: 'esm' | 'cjs'): Promise<readonly Bundle[]> {
  const { build } = await bundler();
  const bundles: Bundle[] = [];
  for (const sdk of ['v1', 'v2'] as const) {
    for (const target of ['es2020', 'esnext']) {
      for (const minify of [false, true]) {
        const { output } = await build({
          input: 'entry',
          platform: 'node',
          write: false,
          logLevel: 'silent',
          transform: { target },
          output: { format, minify, codeSplitting: false },
          plugins: [entryPlugin(ENTRIES[sdk])],
        });
        bundles.push({ name: `${sdk}-${target}${minify ? '-min' : ''}.${format === 'esm' ? 'mjs' : 'cjs'}`, sdk, code: output[0].code });
      }
    }
  }
  return bundles;
}

/** The entry as a file of this folder that is not there: its imports are looked for from here. */
function entryPlugin(code: string): object {
  const file = fileURLToPath(new URL('entry.mjs', import.meta.url));
  return {
    name: 'entry',
    resolveId: (id: string) => (id === 'entry' ? file : undefined),
    load: (id: string) => (id === file ? code : undefined),
  };
}
