import type { RotatingFile, RotatingFileOptions } from './rotatingFile.js';

export interface LogFileOptions extends RotatingFileOptions {
  /** Characters kept while the file cannot be written or is slow; further records are dropped. Default 8 Mi. */
  readonly maxBufferedChars?: number;
  /** Pause before a file that could not be written is opened again. In milliseconds, default 1000. */
  readonly retryMs?: number;
  /** Told of records that are lost, with a system code such as `ENOSPC`, or `buffer_full`. */
  readonly onDropped?: (records: number, reason: string) => void;
  /** Told once when the file cannot be written any more, and once when it can be again, with the records lost in between. */
  readonly onTrouble?: (reason: string) => void;
  readonly onRecovered?: (droppedRecords: number) => void;
  /** Told once when the file can be written but not rotated, as in a read-only folder; and again only after it was rotated. */
  readonly onUnrotated?: (reason: string) => void;
  /** How long a file that cannot be rotated is only appended to. In milliseconds, default one hour. */
  readonly rotationRetryMs?: number;
  /** How often it is looked up whether the file was removed or renamed by others. In milliseconds, default 1000. */
  readonly lookMs?: number;
  /** Default: the package `rotating-file-stream`. */
  readonly open?: (options: RotatingFileOptions) => RotatingFile;
}
