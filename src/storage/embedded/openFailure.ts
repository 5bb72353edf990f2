import { errorCode, errorMessage } from '../../errors/classify.js';
import type { EmbeddedOpenReason } from '../../errors/embeddedErrors.js';

/** Why an attempt to open, or an open database, failed: from the error and from what the server printed before it. */
export function openFailure(error: unknown, printed: readonly string[]): { readonly reason: EmbeddedOpenReason; readonly detail: string } {
  const lines = printed.filter((line) => /(FATAL|PANIC|ERROR|DETAIL):|^postgres:|Aborted/.test(line)).slice(-4);
  const text = [...lines, engineErrno(error) ?? errorMessage(error)].join('\n');
  const code = errorCode(error) ?? engineErrno(error) ?? '';
  return { reason: code === '' ? reasonOf(text) : (systemReason(code) ?? reasonOf(text)), detail: text.slice(0, 1000) };
}

/** The engine's file system throws bare numbers, those of WASI. */
const engineErrnos: ReadonlyMap<unknown, string> = new Map([
  [2, 'EACCES'],
  [19, 'EDQUOT'],
  [51, 'ENOSPC'],
  [63, 'EPERM'],
  [69, 'EROFS'],
]);

function engineErrno(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'errno' in error && !(error instanceof Error) ? engineErrnos.get(error.errno) : undefined;
}

function systemReason(code: string): EmbeddedOpenReason | undefined {
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'disk_full';
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOTDIR' || code === 'EEXIST' || code === 'ENAMETOOLONG') return 'not_writable';
  if (code === 'HANDOFF_MISSING_PEER') return 'package_missing';
  // SQLite's own words for a lock file it may not create or write.
  if (code === 'ERR_SQLITE_ERROR') return 'not_writable';
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
