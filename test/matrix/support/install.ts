import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cached } from '../../setup/cacheFolder.js';

const run = promisify(execFile);
const manifests = fileURLToPath(new URL('../', import.meta.url));

/**
 * Runs `npm ci` for one folder of this test (`nodes/24.21.0`, `libraries/newest`), outside the checkout, where nothing of ours
 * can be found by mistake. Kept between runs under a hash of its lockfile. Returns the folder.
 */
export async function install(name: string, options: { readonly scripts?: boolean } = {}): Promise<string> {
  const source = join(manifests, name);
  const hash = createHash('sha256')
    .update(readFileSync(join(source, 'package-lock.json')))
    .digest('hex')
    .slice(0, 16);
  return await cached(`matrix-${name.replaceAll('/', '-')}-${hash}`, { worldReadable: false }, async (empty) => {
    cpSync(source, empty, { recursive: true });
    const flags = options.scripts === true ? [] : ['--ignore-scripts'];
    await run('npm', ['ci', ...flags, '--no-audit', '--no-fund', '--loglevel=error'], { cwd: empty, timeout: 240_000 });
  });
}

/** The `node` of a version, from the npm package of that name, whose script fetches the one for this machine. */
export async function installNode(version: string): Promise<string> {
  return join(await install(`nodes/${version}`, { scripts: true }), 'node_modules', 'node', 'bin', 'node');
}
