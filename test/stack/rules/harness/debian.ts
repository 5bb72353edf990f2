import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from '../../../setup/cacheFolder.js';
import { distribution } from '../../../setup/distribution.js';
import { hasApt, PrivateApt } from '../../../setup/privateApt.js';

/**
 * Returns the path of a program from a package of the distribution, which is unpacked into a cache folder and not installed: rules and
 * routes have to work with the versions that Debian has (Prometheus 2.42, Alertmanager 0.25) too.
 *
 * @throws {Error} where there is no apt-get, or it reaches no mirror.
 */
export async function debianProgram(packageName: 'prometheus' | 'prometheus-alertmanager', program: string): Promise<string> {
  if (!hasApt()) throw new Error(`There is no apt-get to fetch the package ${packageName} with: run this suite on Debian.`);
  const folder = await cached(`${packageName}-${distribution()}-${process.arch}`, { worldReadable: false }, async (into) => {
    mkdirSync(into, { recursive: true });
    const apt = new PrivateApt();
    try {
      await apt.unpack([packageName], into);
    } catch (cause) {
      throw new Error(`The package ${packageName} could not be downloaded: see that apt-get reaches a mirror.`, { cause });
    } finally {
      apt.remove();
    }
  });
  return join(folder, 'usr/bin', program);
}
