import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

export interface FakePackage {
  readonly name: string;
  readonly version: string;
  /** The one file it has; by default where the real package has the class. */
  readonly file?: string;
  readonly source: string;
  /** Folder in `node_modules`, for `npm:` aliases. */
  readonly folder?: string;
  /** Real folder elsewhere, with a symbolic link in `node_modules`, as pnpm has it. */
  readonly isLinked?: boolean;
}

/** A folder with `node_modules` of its own, gone after the test. */
export interface FakePackages extends Disposable {
  /** Writes a package and loads its file, as `require` or an `import` of CommonJS would. */
  load(fake: FakePackage): unknown;
  readonly folder: string;
}

const CLASS_FILE: Readonly<Record<string, string>> = {
  pg: 'lib/client.js',
  'pg-pool': 'index.js',
  ioredis: 'built/Redis.js',
  pino: 'pino.js',
};

export function fakePackages(): FakePackages {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'handoff-packages-')));
  return {
    folder,
    load: ({ name, version, file = CLASS_FILE[name] ?? 'index.js', source, folder: alias = name, isLinked = false }) => {
      const visible = join(folder, version, 'node_modules', alias);
      const root = isLinked ? join(folder, version, 'node_modules', '.pnpm', `${name}@${version}`, 'node_modules', name) : visible;
      mkdirSync(dirname(join(root, file)), { recursive: true });
      if (isLinked) symlinkSync(root, visible);
      // An exports map that hides package.json, as pg-pool has.
      writeFileSync(join(root, 'package.json'), JSON.stringify({ name, version, main: file, exports: { '.': `./${file}` } }));
      writeFileSync(join(root, file), source);
      return require(join(visible, file));
    },
    [Symbol.dispose]: () => {
      for (const file of Object.keys(require.cache)) if (file.startsWith(folder)) Reflect.deleteProperty(require.cache, file);
      rmSync(folder, { recursive: true });
    },
  };
}
