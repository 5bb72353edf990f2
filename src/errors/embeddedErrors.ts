import { HandoffError } from './handoffError.js';

/** What to do about each reason the embedded database cannot be used. */
const advice = {
  newer_format: 'It was written by a newer version: install the newer @electric-sql/pglite, or point HANDOFF_DATA_DIR elsewhere.',
  older_format: 'It was written by an older version: dump it with that version and load it here, or point HANDOFF_DATA_DIR elsewhere.',
  damaged: 'Its files are damaged: restore a backup, or move the folder away to start with an empty database.',
  lock_damaged: 'Its lock file, which holds no data, is damaged: end all handoff-otel processes and delete that file.',
  disk_full: 'The disk is full: free some space; nothing that was acknowledged is lost.',
  not_writable: 'The folder is not writable: correct its owner and permissions, or point HANDOFF_DATA_DIR elsewhere.',
  package_missing: 'Install the package that is missing, or set DATABASE_URL to use a PostgreSQL server.',
  crashed: 'The database engine stopped in the middle of a statement and is being restarted; nothing that was acknowledged is lost.',
  unknown: 'See the cause; set DATABASE_URL to use a PostgreSQL server instead.',
} as const;

export type EmbeddedOpenReason = keyof typeof advice;

/** The embedded database exists, or should, but cannot be opened. `data.reason` decides what helps; `data.detail` is the engine's text. */
export class EmbeddedOpenError extends HandoffError<{
  readonly dataDir: string;
  readonly reason: EmbeddedOpenReason;
  readonly detail: string;
}> {
  override readonly code = 'HANDOFF_EMBEDDED_OPEN';

  constructor(dataDir: string, reason: EmbeddedOpenReason, detail: string, options?: { readonly cause?: unknown }) {
    super(`The embedded database in ${dataDir} cannot be opened. ${advice[reason]} (${detail})`, { dataDir, reason, detail }, options);
  }
}

/** The process that holds the embedded database. `elsewhere`: in another container, where its pid means something else. */
export interface OwnerProcess {
  readonly pid: number;
  readonly state: 'suspended' | 'silent' | 'elsewhere';
}

/**
 * No process served the embedded database for as long as this call was willing to wait. Nothing was sent, unless it is the
 * cause of a `DatabaseInterruptedError`.
 *
 * `data.ownerPid` is the process that holds the database, if known; `data.remedy` says what to do about it and
 * names no folder. `cause` is the last failure to take the database over, if there was one.
 */
export class EmbeddedUnavailableError extends HandoffError<{
  readonly dataDir: string;
  readonly waitedMs: number;
  readonly ownerPid?: number;
  readonly remedy: string;
}> {
  override readonly code = 'HANDOFF_EMBEDDED_UNAVAILABLE';

  constructor(dataDir: string, waitedMs: number, cause: unknown, owner?: OwnerProcess) {
    const { saying, remedy } = owner === undefined && cause instanceof EmbeddedOpenError ? notOpened(cause.data.reason) : whatToDo(owner);
    super(
      `${saying(` in ${dataDir}`)} (waited ${Math.round(waitedMs)} ms). ${remedy}`,
      { dataDir, waitedMs, remedy: `${saying('')}. ${remedy}`, ...(owner === undefined ? {} : { ownerPid: owner.pid }) },
      { cause },
    );
  }
}

interface Advice {
  readonly saying: (place: string) => string;
  readonly remedy: string;
}

/** Nobody else holds it: this process tried to open it, and why that failed is what helps. */
function notOpened(reason: EmbeddedOpenReason): Advice {
  return { saying: (place) => `The embedded database${place} cannot be opened`, remedy: advice[reason] };
}

function whatToDo(owner: OwnerProcess | undefined): Advice {
  if (owner === undefined) {
    return {
      saying: (place) => `No process serves the embedded database${place}`,
      remedy: 'If another handoff-otel process is suspended or hangs, end it; this one then takes over.',
    };
  }
  const { pid, state } = owner;
  const there = state === 'elsewhere' ? ' there' : '';
  const end = `end it with \`kill -KILL ${pid}\`${there}; another process then takes over, and nothing that was acknowledged is lost.`;
  if (state === 'suspended') {
    return {
      saying: (place) => `Process ${pid} holds the embedded database${place} and is suspended`,
      remedy: `Resume it (\`fg\` in its terminal, or \`kill -CONT ${pid}\`), or ${end}`,
    };
  }
  const process = `Process ${pid}${state === 'elsewhere' ? ' of another container' : ''}`;
  return {
    saying: (place) => `${process} holds the embedded database${place} and does not respond`,
    remedy: `If it does not recover by itself, ${end}`,
  };
}
