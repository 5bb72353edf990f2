import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import type { Plugin } from 'rolldown';
import { dts } from 'rolldown-plugin-dts';
import { writeCommonJs } from './commonJs.js';
import { PUBLIC_ENTRIES } from './entries.js';

/**
 * Writes the types of the package into `folder`: one file per entry point and one for what several of them share. TypeScript first
 * creates one file per source, which are hundreds.
 *
 * @param optional packages that npm does not install with ours
 */
export async function writeDeclarations(folder: string, optional: ReadonlySet<string>): Promise<void> {
  const separate = mkdtempSync(join(folder, 'types-'));
  try {
    execFileSync(
      process.execPath,
      ['node_modules/typescript7/bin/tsc', '-p', 'tsconfig.build.json', '--emitDeclarationOnly', '--outDir', separate],
      { stdio: 'inherit' },
    );
    await rollUp(separate, folder, optional);
    writeCommonJs(separate, folder);
  } finally {
    rmSync(separate, { recursive: true });
  }
}

async function rollUp(separate: string, folder: string, optional: ReadonlySet<string>): Promise<void> {
  const built = await rolldown({
    input: Object.fromEntries(PUBLIC_ENTRIES.map((entry) => [entry, join(separate, `${entry}.d.ts`)])),
    external: (id) => !/^[./]/u.test(id),
    plugins: [dts({ emitDtsOnly: true, tsconfig: false }), forConsumers(optional)],
    // On a slow machine it reports what took long, which is no fault of the sources.
    checks: { bundlerTimings: false },
    onLog: (_level, { message }) => {
      throw new Error(message);
    },
  });
  try {
    await built.write({
      dir: folder,
      format: 'esm',
      entryFileNames: '[name].d.ts',
      chunkFileNames: '[name].ts',
      minifyInternalExports: false,
      codeSplitting: { groups: [{ name: 'shared.d', minShareCount: 2 }] },
    });
  } finally {
    await built.close();
  }
}

/** A comment that names the file from which the following lines come, which is removed by then. */
const ORIGIN = /^\/\/ \S+\.d\.ts\n/gmu;

/** A line that names a package, which is where TypeScript reports that it is missing. */
const NAMES_PACKAGE = /^.*(?:\bfrom |\bimport\()(['"])((?:@[^'"/]+\/)?[^'"./][^'"/]*)[^'"]*\1.*$/gmu;

/**
 * Makes the declaration files valid whatever is installed, without `skipLibCheck`.
 *
 * - An optional package may be absent or have no types: what comes from it is then `any`, and cannot be used anyway.
 * - Node's types are requested by name: since version 6 TypeScript includes no `@types` package automatically.
 */
function forConsumers(optional: ReadonlySet<string>): Plugin {
  return {
    name: 'for-consumers',
    renderChunk: (source) => ({
      code: `/// <reference types="node" />\n${source
        .replaceAll(ORIGIN, '')
        .replaceAll(NAMES_PACKAGE, (line, _quote, name: string) =>
          optional.has(name) ? `// @ts-ignore It may not be installed.\n${line}` : line,
        )}`,
      map: null,
    }),
  };
}
