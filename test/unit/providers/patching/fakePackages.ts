import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const require = createRequire(import.meta.url);

/** A folder with `node_modules` of its own, gone after the test. */
export interface FakePackages extends Disposable {
  /** Writes a package whose main file is `source` and loads it, as `require` or an `import` of CommonJS would. */
  load(name: string, version: string, source: string): unknown;
  readonly folder: string;
}

export function fakePackages(): FakePackages {
  const folder = mkdtempSync(join(tmpdir(), 'handoff-packages-'));
  return {
    folder,
    load: (name, version, source) => {
      const root = join(folder, version, 'node_modules', name);
      mkdirSync(join(root, 'lib'), { recursive: true });
      // An exports map that hides package.json, as pg-pool has.
      writeFileSync(join(root, 'package.json'), JSON.stringify({ name, version, main: 'lib/index.js', exports: { '.': './lib/index.js' } }));
      writeFileSync(join(root, 'lib', 'index.js'), source);
      return require(join(root, 'lib', 'index.js'));
    },
    [Symbol.dispose]: () => {
      for (const file of Object.keys(require.cache)) if (file.startsWith(folder)) Reflect.deleteProperty(require.cache, file);
      rmSync(folder, { recursive: true });
    },
  };
}
