import type { EmbeddedOpenReason } from '../../../errors/embeddedErrors.js';

/** What a process asks of its owner thread. */
export type OwnerRequest =
  /** Take the lock if it is free, then open the database and listen. Answered by `busy`, `listening` or `failed`. */
  | { readonly type: 'bid' }
  /** Finish what is under way, checkpoint, stop listening, let the lock go. Answered by the thread's end. */
  | { readonly type: 'stop' };

/** What the owner thread says. */
export type OwnerReply =
  /** Another process, or another server in this one, holds the lock. */
  | { readonly type: 'busy' }
  /** The lock is ours, there is no database yet, and one is being made. Another reply follows. */
  | { readonly type: 'creating' }
  | { readonly type: 'listening'; readonly address: string }
  /** The database could not be opened, or broke while open; the thread ends right after. */
  | { readonly type: 'failed'; readonly reason: EmbeddedOpenReason; readonly detail: string };

/** What the owner thread is started with. */
export interface OwnerSettings {
  /** The folder of the database itself, mode 0700: lock, address, socket and tables. */
  readonly home: string;
  /** Where to listen. */
  readonly address: string;
  readonly idleInTransactionTimeoutMs: number;
  /** Address of the prepared database a new one begins with. */
  readonly prepared: string | undefined;
  /** One Int32, raised when a statement begins and when it ends: odd means busy. Lets the main thread see one that hangs. */
  readonly pulse: SharedArrayBuffer;
}
