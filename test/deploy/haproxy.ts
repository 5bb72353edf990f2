import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cached } from '../setup/cacheFolder.js';
import { distribution } from '../setup/distribution.js';
import { hasApt, PrivateApt } from '../setup/privateApt.js';
import { TestServiceError } from '../setup/testServiceError.js';

const run = promisify(execFile);

export interface Program {
  readonly command: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The machine's own HAProxy, else the distribution's package, unpacked into a cache folder without installing it. */
export async function haproxy(): Promise<Program> {
  const installed = ['/usr/sbin/haproxy', '/usr/local/sbin/haproxy'].find((path) => existsSync(path));
  if (installed !== undefined) return { command: installed, env: process.env };
  if (!hasApt()) throw new TestServiceError('HAProxy was not found, and there is no apt-get to fetch it with: install haproxy.');
  const folder = await cached(`haproxy-${distribution()}-${process.arch}`, { worldReadable: false }, unpack);
  return programIn(folder);
}

async function unpack(into: string): Promise<void> {
  mkdirSync(into, { recursive: true });
  const apt = new PrivateApt();
  try {
    await apt.unpack(['haproxy'], into);
    if (!(await starts(programIn(into)))) await apt.unpack(await apt.libraries(['haproxy']), into);
    if (!(await starts(programIn(into)))) throw new TestServiceError('The package haproxy does not run unpacked: install haproxy.');
  } finally {
    apt.remove();
  }
}

function programIn(folder: string): Program {
  const libraries = join(folder, 'usr/lib');
  const nested = existsSync(libraries)
    ? readdirSync(libraries, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [join(libraries, entry.name)] : []))
    : [];
  return { command: join(folder, 'usr/sbin/haproxy'), env: { ...process.env, LD_LIBRARY_PATH: [...nested, libraries].join(':') } };
}

async function starts({ command, env }: Program): Promise<boolean> {
  try {
    await run(command, ['-v'], { env });
    return true;
  } catch {
    return false;
  }
}
