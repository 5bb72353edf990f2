import { errorCode, errorMessage } from './classify.js';
import { HandoffError } from './handoffError.js';

/** Where an archive was written, as its row says. */
export interface ArchivePlace {
  readonly objectKey: string;
  readonly store: string;
  readonly location: string;
}

/** The object store refused an operation or gave no answer in time. Nothing in the database was changed. */
export class ArchiveStoreError extends HandoffError<ArchivePlace & { readonly operation: string; readonly reason: string }> {
  override readonly code = 'HANDOFF_ARCHIVE_STORE';

  constructor(operation: string, place: ArchivePlace, cause: unknown) {
    const reason = reasonOf(cause);
    super(
      `The archive in ${place.location} (${place.store}) failed to ${operation} ${place.objectKey}: ${errorMessage(cause)}. ${adviceFor(reason)}`,
      { ...place, operation, reason },
      { cause },
    );
  }
}

/** The object of an archived session does not exist. The session's row, summary and lifecycle events are still there. */
export class ArchiveMissingError extends HandoffError<ArchivePlace> {
  override readonly code = 'HANDOFF_ARCHIVE_MISSING';

  constructor(place: ArchivePlace) {
    super(
      `The archive object ${place.objectKey} is missing from ${place.location} (${place.store}). Put it back from a backup; \`handoff-otel archive verify\` then says whether it is the right one.`,
      place,
    );
  }
}

/** The object exists, but is not what was written. */
export class ArchiveDamagedError extends HandoffError<ArchivePlace & { readonly problem: string }> {
  override readonly code = 'HANDOFF_ARCHIVE_DAMAGED';

  constructor(place: ArchivePlace, problem: string, cause?: unknown) {
    super(
      `The archive object ${place.objectKey} in ${place.location} (${place.store}) is damaged: ${problem}. Put the right one back from a backup.`,
      { ...place, problem },
      { cause },
    );
  }
}

/** The object was written to another store than this process uses, and is not in this one. */
export class ArchiveElsewhereError extends HandoffError<ArchivePlace & { readonly used: string }> {
  override readonly code = 'HANDOFF_ARCHIVE_ELSEWHERE';

  /** @param used location of the store that this process uses, or `none` */
  constructor(place: ArchivePlace, used: string) {
    super(
      `The archive object ${place.objectKey} was written to ${place.location} (${place.store}), but this process uses ${used}. ` +
        'Set HANDOFF_ARCHIVE_DIR or HANDOFF_ARCHIVE_S3_BUCKET to that place, or copy the objects here under the same keys.',
      { ...place, used },
    );
  }
}

/** A table has columns that this release would lose when it archives. Nothing was changed. */
export class ArchiveColumnsError extends HandoffError<{ readonly columns: readonly string[] }> {
  override readonly code = 'HANDOFF_ARCHIVE_COLUMNS';

  constructor(columns: readonly string[]) {
    super(
      `Sessions are not archived, because these columns would be lost: ${columns.join(', ')}. If a newer release of handoff-otel added them, upgrade this server. Move other columns to a table of their own.`,
      { columns },
    );
  }
}

/** Whether the store or an object is at fault; for those who go on with the next object. */
export function isArchiveError(
  error: unknown,
): error is ArchiveStoreError | ArchiveMissingError | ArchiveDamagedError | ArchiveElsewhereError {
  return [ArchiveStoreError, ArchiveMissingError, ArchiveDamagedError, ArchiveElsewhereError].some((kind) => error instanceof kind);
}

function reasonOf(cause: unknown): string {
  return errorCode(cause) ?? (cause instanceof Error && cause.name !== 'Error' ? cause.name : 'unknown');
}

function adviceFor(reason: string): string {
  switch (reason) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'The disk or quota is full: free space there; archiving continues by itself.';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'Give the user of this process the right to write there.';
    case 'EIO':
      return 'The disk reports errors: check it, and restore from a backup what it has lost.';
    case 'PLACE_EMPTY':
      return 'Nothing is archived there meanwhile: mount the folder, or correct the setting. If its objects are gone for good, set HANDOFF_ARCHIVE_DIR to a new folder.';
    case 'NoSuchBucket':
      return 'Create the bucket, or correct HANDOFF_ARCHIVE_S3_BUCKET.';
    case 'AccessDenied':
    case 'InvalidAccessKeyId':
    case 'SignatureDoesNotMatch':
    case 'CredentialsProviderError':
      return 'Give the process credentials that may put, get and delete objects under the prefix.';
    default:
      return 'Nothing was lost: the sessions stay in the database, and the next sweep tries again.';
  }
}
