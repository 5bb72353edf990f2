import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { cpSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { lockedInstall } from '../../setup/lockedInstall.js';

const run = promisify(execFile);
const folderOf = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

export interface App extends AsyncDisposable {
  /** The programs, with the packed package and what they import in their `node_modules`. */
  readonly folder: string;
  readonly bun: string;
  readonly deno: string;
  /** The packed package. */
  readonly tarball: string;
}

/** Installs the runtimes and the packages of the lockfile, and beside them what `npm pack` makes of the checkout. */
export async function createApp(): Promise<App> {
  const packed = mkdtempSync(join(tmpdir(), 'handoff-otel-runtimes-'));
  await run('npm', ['pack', '--silent', '--pack-destination', packed], { cwd: resolve('.'), timeout: 120_000 });
  const tarball = join(packed, readdirSync(packed)[0] ?? '');
  const folder = await lockedInstall('runtimes', folderOf('packages'), async (empty) => {
    // Their scripts put the program of this platform where it is run.
    await run(process.execPath, [join(empty, 'node_modules/bun/install.js')], { timeout: 60_000 });
    await run(process.execPath, [join(empty, 'node_modules/deno/install.cjs')], { timeout: 60_000 });
  });
  cpSync(folderOf('programs'), folder, { recursive: true });
  const arguments_ = [
    'install',
    '--no-save',
    '--no-package-lock',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    tarball,
  ];
  await run('npm', arguments_, { cwd: folder, timeout: 120_000 });
  return {
    folder,
    bun: existing(join(folder, 'node_modules/bun/bin/bun.exe')),
    deno: existing(join(folder, 'node_modules/deno/deno')),
    tarball,
    [Symbol.asyncDispose]: async () => rmSync(packed, { recursive: true, force: true }),
  };
}

function existing(file: string): string {
  if (!existsSync(file)) throw new Error(`${file} is missing: did the install script of its package change?`);
  return file;
}
