import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from '../../setup/cacheFolder.js';
import { distribution } from '../../setup/distribution.js';
import { hasApt, PrivateApt } from '../../setup/privateApt.js';

const LIBRARY = 'faketime/libfaketime.so.1';

/**
 * Returns the environment of a process whose wall clock is as far from the right time as `offsetFile` says, at every moment. Its monotonic
 * clock goes on as it is. By libfaketime: the installed one, else that of the distribution's package, which is not installed.
 */
export async function fakeTime(offsetFile: string): Promise<Readonly<Record<string, string>>> {
  return {
    LD_PRELOAD: installed('/usr/lib') ?? (await unpacked()),
    FAKETIME_TIMESTAMP_FILE: offsetFile,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    DONT_FAKE_MONOTONIC: '1',
  };
}

function installed(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  return readdirSync(folder)
    .map((name) => join(folder, name, LIBRARY))
    .find((path) => existsSync(path));
}

async function unpacked(): Promise<string> {
  if (!hasApt()) throw new Error('There is no apt-get to fetch libfaketime with: install it, or leave this row out.');
  const folder = await cached(`libfaketime-${distribution()}-${process.arch}`, { worldReadable: false }, async (into) => {
    mkdirSync(into, { recursive: true });
    const apt = new PrivateApt();
    try {
      await apt.unpack(['libfaketime'], into);
    } finally {
      apt.remove();
    }
  });
  const library = installed(join(folder, 'usr/lib'));
  if (library === undefined) throw new Error(`The package libfaketime has no ${LIBRARY}.`);
  return library;
}
