import { mkdirSync } from 'node:fs';
import { hasApt, PrivateApt } from './privateApt.js';
import { TestServiceError } from './testServiceError.js';

const PACKAGES = ['redis-server', 'redis-tools'];
const ADVICE = 'install redis-server or set TEST_REDIS_URL to a server';

/**
 * Downloads Redis with the distribution's own package manager (signatures checked) and unpacks it into `folder`.
 * Needs no root and changes nothing on the machine: apt keeps its state in a private folder.
 *
 * `works` says whether the unpacked server starts. The libraries are fetched only when it does not, and are found by asking
 * for dependencies, not for what is installed: a slimmed-down image can list a package whose files are gone.
 */
export async function downloadRedis(folder: string, works: () => Promise<boolean>): Promise<void> {
  if (!hasApt()) {
    throw new TestServiceError(
      `The tests need Redis, and neither redis-server nor apt-get with dpkg-deb, which could fetch it, was found: ${ADVICE}.`,
    );
  }
  const apt = new PrivateApt();
  try {
    mkdirSync(folder, { recursive: true });
    await apt.unpack(PACKAGES, folder);
    if (!(await works())) await apt.unpack(await apt.libraries(PACKAGES), folder);
  } catch (cause) {
    if (cause instanceof TestServiceError) throw cause;
    const reason = String((cause as { stderr?: string }).stderr || cause)
      .trim()
      .split('\n')
      .at(-1);
    throw new TestServiceError(`The tests need Redis and its package could not be downloaded (${reason}): ${ADVICE}.`, { cause });
  } finally {
    apt.remove();
  }
}
