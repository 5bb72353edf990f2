import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from '../../../setup/cacheFolder.js';
import { distribution } from '../../../setup/distribution.js';
import { hasApt, PrivateApt } from '../../../setup/privateApt.js';
import { foldersOnPathWith } from '../../../setup/unprivileged.js';

/**
 * The Prometheus of the distribution, which takes no OTLP (2.42 in Debian 12): the one on the PATH, else its package, unpacked into a
 * cache folder without installing it.
 */
export async function debianPrometheus(): Promise<string> {
  const installed = foldersOnPathWith(['prometheus'])[0];
  if (installed !== undefined) return join(installed, 'prometheus');
  if (!hasApt()) {
    throw new Error('The stack needs the Prometheus of Debian, and there is no apt-get to fetch it with: install the package prometheus.');
  }
  const folder = await cached(`prometheus-${distribution()}-${process.arch}`, { worldReadable: false }, async (into) => {
    mkdirSync(into, { recursive: true });
    const apt = new PrivateApt();
    try {
      await apt.unpack(['prometheus'], into);
    } catch (cause) {
      throw new Error('The package prometheus could not be downloaded: install it, or see that apt-get reaches a mirror.', { cause });
    } finally {
      apt.remove();
    }
  });
  return join(folder, 'usr/bin/prometheus');
}
