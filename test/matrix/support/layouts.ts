import { cpSync, lstatSync, mkdirSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/**
 * The packages of an npm installation as pnpm lays them out: each in a folder of its own in a store, where its dependencies are
 * symbolic links beside it, and `node_modules` with nothing but links.
 */
export function asPnpm(installation: string, target: string): void {
  const flat = join(installation, 'node_modules');
  const names = packagesIn(flat);
  const store = join(target, 'node_modules', '.pnpm');
  const home = (name: string): string => join(store, `${name.replace('/', '+')}@${versionOf(join(flat, name))}`, 'node_modules', name);
  for (const name of names) cpSync(join(flat, name), home(name), { recursive: true });
  for (const name of names) {
    const beside = home(name).slice(0, -name.length);
    for (const dependency of dependenciesOf(join(flat, name)))
      if (names.includes(dependency)) link(home(dependency), join(beside, dependency));
  }
  for (const name of dependenciesOf(installation)) link(home(name), join(target, 'node_modules', name));
}

function packagesIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) => (name.startsWith('@') ? readdirSync(join(folder, name)).map((inner) => `${name}/${inner}`) : [name]));
}

interface Manifest {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

function versionOf(folder: string): string {
  return manifestOf(folder).version ?? '0.0.0';
}

function dependenciesOf(folder: string): readonly string[] {
  return Object.keys(manifestOf(folder).dependencies ?? {});
}

function link(to: string, from: string): void {
  mkdirSync(dirname(from), { recursive: true });
  if (lstatSync(from, { throwIfNoEntry: false }) === undefined) symlinkSync(relative(dirname(from), to), from);
}
