import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../../../../errors/classify.js';

export interface Denial {
  readonly path: string;
  readonly code: string;
}

/** What keeps this user from using a path so (`constants.W_OK`). Of one that is still to be made, the nearest folder above it decides. */
export async function deniedFor(path: string, mode: number): Promise<Denial | undefined> {
  try {
    await access(path, mode);
    return undefined;
  } catch (error) {
    const code = errorCode(error) ?? 'unknown';
    return code === 'ENOENT' && dirname(path) !== path ? deniedFor(dirname(path), mode) : { path, code };
  }
}
