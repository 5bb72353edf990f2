import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from '../../setup/cacheFolder.js';
import { distribution } from '../../setup/distribution.js';
import { hasApt, PrivateApt } from '../../setup/privateApt.js';
import { TestServiceError } from '../../setup/testServiceError.js';

/** Where packages of the distribution put their programs; what is installed by hand is elsewhere. */
const INSTALLED = '/usr/bin';

/**
 * Returns the path of a program from a package of the distribution: the installed one, else its package, unpacked into a cache folder
 * without installing it. The stack has to work with the versions that Debian has (Prometheus 2.42, which takes no OTLP, and Alertmanager
 * 0.25) too.
 *
 * @throws TestServiceError where there is no apt-get, or it reaches no mirror.
 */
export async function debianProgram(packageName: 'prometheus' | 'prometheus-alertmanager', program: string): Promise<string> {
  const installed = join(INSTALLED, program);
  if (existsSync(installed)) return installed;
  if (!hasApt()) {
    throw new TestServiceError(`There is no apt-get to fetch the package ${packageName} with: install it, or run this suite on Debian.`);
  }
  const folder = await cached(`${packageName}-${distribution()}-${process.arch}`, { worldReadable: false }, async (into) => {
    mkdirSync(into, { recursive: true });
    const apt = new PrivateApt();
    try {
      await apt.unpack([packageName], into);
    } catch (cause) {
      throw new TestServiceError(`The package ${packageName} could not be downloaded: install it, or see that apt-get reaches a mirror.`, {
        cause,
      });
    } finally {
      apt.remove();
    }
  });
  return join(folder, 'usr/bin', program);
}
