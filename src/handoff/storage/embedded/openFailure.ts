import { errorCode, errorMessage } from '../../../errors/classify.js';
import type { EmbeddedOpenReason } from '../../../errors/embeddedErrors.js';
import { DAMAGED_FOLDER } from './dataFolder.js';
import { DAMAGED_LOCK, LOCK_NOT_WRITABLE } from './lockFailure.js';

/** Returns why opening, or an open database, failed: from the error and from what the server printed before it. */
export function openFailure(error: unknown, printed: readonly string[]): { readonly reason: EmbeddedOpenReason; readonly detail: string } {
  const lines = printed.filter((line) => /(FATAL|PANIC|ERROR|DETAIL):|^postgres:|Aborted/.test(line)).slice(-4);
  const text = [...lines, textOf(error)].join('\n');
  const code = errorCode(error) ?? engineErrno(error) ?? '';
  return { reason: systemReason(code) ?? reasonOf(text), detail: text.slice(0, 1000) };
}

/** The engine's file system throws bare WASI error numbers. */
const engineErrnos: ReadonlyMap<unknown, string> = new Map([
  [2, 'EACCES'],
  [19, 'EDQUOT'],
  [20, 'EEXIST'],
  [28, 'EINVAL'],
  [29, 'EIO'],
  [31, 'EISDIR'],
  [32, 'ELOOP'],
  [33, 'EMFILE'],
  [44, 'ENOENT'],
  [51, 'ENOSPC'],
  [54, 'ENOTDIR'],
  [63, 'EPERM'],
  [69, 'EROFS'],
]);

/** The engine throws objects that are not errors, which would be shown as `[object Object]`. */
function textOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || error instanceof Error) return errorMessage(error);
  if ('errno' in error) return engineErrno(error) ?? `the engine's file system failed with errno ${String(error.errno)}`;
  return 'message' in error && typeof error.message === 'string'
    ? error.message
    : `the engine threw an object with ${Object.keys(error).join(', ') || 'nothing in it'}`;
}

function engineErrno(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'errno' in error && !(error instanceof Error)
    ? engineErrnos.get(error.errno)
    : undefined;
}

function systemReason(code: string): EmbeddedOpenReason | undefined {
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'disk_full';
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOTDIR' || code === 'EEXIST' || code === 'ENAMETOOLONG')
    return 'not_writable';
  if (code === 'HANDOFF_MISSING_PEER') return 'package_missing';
  if (code === LOCK_NOT_WRITABLE) return 'not_writable';
  if (code === DAMAGED_FOLDER) return 'damaged';
  if (code === DAMAGED_LOCK) return 'lock_damaged';
  return undefined;
}

function reasonOf(text: string): EmbeddedOpenReason {
  const versions = /initialized by PostgreSQL version (\d+).*not compatible with this version (\d+)/s.exec(text);
  if (versions !== null) return Number(versions[1]) > Number(versions[2]) ? 'newer_format' : 'older_format';
  if (/No space left on device|disk quota/i.test(text)) return 'disk_full';
  if (/Permission denied|Read-only file system/i.test(text)) return 'not_writable';
  if (/FATAL|PANIC|could not access the server configuration|database system identifier/.test(text)) return 'damaged';
  return 'unknown';
}
