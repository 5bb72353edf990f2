import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { cached } from './cacheFolder.js';
import { TestServiceError } from './testServiceError.js';

const run = promisify(execFile);
const VERSION = '5.2.5';
const INSTALL_TIMEOUT_MS = 900_000;

/** A server that speaks the S3 API, as a Python module. */
export interface MotoProgram {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** moto, installed by pip into a cache folder and nowhere else. Needs Python 3 with pip. */
export async function motoProgram(): Promise<MotoProgram> {
  const python = 'python3';
  const { stdout: version } = await run(python, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']).catch((cause: unknown) => {
    throw new TestServiceError('The archive in S3 is tested with moto, which needs python3 with pip: install both.', { cause });
  });
  const folder = await cached(`moto-${VERSION}-python-${version.trim()}`, { worldReadable: false }, async (into) => {
    await run(python, ['-m', 'pip', 'install', '--quiet', '--target', into, `moto[server]==${VERSION}`], { timeout: INSTALL_TIMEOUT_MS });
  });
  return { command: python, args: ['-m', 'moto.server'], env: { ...process.env, PYTHONPATH: folder } };
}
