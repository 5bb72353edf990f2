import type { EmbeddedOpenReason } from '../../../errors/embeddedErrors.js';

/** Requests from a process to its owner thread. */
export type OwnerRequest =
  /** Take the lock if it is free, then open the database and listen. Answered by `busy`, `listening` or `failed`. */
  | { readonly type: 'bid' }
  /** Finish work in flight, checkpoint, stop listening, release the lock. Answered by the end of the thread. */
  | { readonly type: 'stop' };

/** Replies of the owner thread. */
export type OwnerReply =
  /** Another process, or another server in this one, holds the lock. */
  | { readonly type: 'busy' }
  /** The lock is ours, there is no database yet, and one is being created. Another reply follows. */
  | { readonly type: 'creating' }
  | { readonly type: 'listening'; readonly address: string }
  /** The database could not be opened, or broke while open; the thread ends right after. */
  | { readonly type: 'failed'; readonly reason: EmbeddedOpenReason; readonly detail: string };

/** Start parameters of the owner thread. */
export interface OwnerSettings {
  /** The folder of the database itself, mode 0700: lock, address, socket and tables. */
  readonly home: string;
  /** Where to listen. */
  readonly address: string;
  readonly idleInTransactionTimeoutMs: number;
  /** URL of the prepared database that a new one starts from. */
  readonly prepared: string | undefined;
  /** One Int32, incremented when a statement begins and when it ends: odd means busy. Lets the main thread detect one that hangs. */
  readonly pulse: SharedArrayBuffer;
}
