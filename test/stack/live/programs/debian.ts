import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from '../../../setup/cacheFolder.js';
import { distribution } from '../../../setup/distribution.js';
import { hasApt, PrivateApt } from '../../../setup/privateApt.js';
import { foldersOnPathWith } from '../../../setup/unprivileged.js';

/** Each is also the name of its package. */
type DebianProgram = 'prometheus' | 'prometheus-alertmanager';

/**
 * Prometheus and Alertmanager as the distribution has them; Debian 12 has Prometheus 2.42, which takes no OTLP, and Alertmanager 0.25.
 * The ones on the PATH, else those of the packages, unpacked into a cache folder without installing them.
 */
export async function debianProgram(program: DebianProgram): Promise<string> {
  const installed = foldersOnPathWith([program])[0];
  if (installed !== undefined) return join(installed, program);
  if (!hasApt()) {
    throw new Error(`The stack needs ${program} of Debian, and there is no apt-get to fetch it with: install the package ${program}.`);
  }
  const folder = await cached(`${program}-${distribution()}-${process.arch}`, { worldReadable: false }, async (into) => {
    mkdirSync(into, { recursive: true });
    const apt = new PrivateApt();
    try {
      await apt.unpack([program], into);
    } catch (cause) {
      throw new Error(`The package ${program} could not be downloaded: install it, or see that apt-get reaches a mirror.`, { cause });
    } finally {
      apt.remove();
    }
  });
  return join(folder, 'usr/bin', program);
}
