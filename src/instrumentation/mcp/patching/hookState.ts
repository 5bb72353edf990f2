import type { Connection } from '../connection/connection.js';
import type { Received } from '../connection/received.js';
import type { Sent } from '../connection/sent.js';

/** What the wrappers of one transport share. */
export interface HookState {
  readonly connection: Connection;
  readonly received: Received;
  readonly sent: Sent;
  /** False once released: every wrapper is then a plain call of what it wraps. */
  live: boolean;
  /** The message being handed in. SDKs chain callbacks set before theirs, so an older wrapper may be called from within. */
  arriving: unknown;
  /** Somebody handles the messages in the SDK's place, such as a proxy: what the SDK has taken then says nothing. */
  takenOver: boolean;
  readonly onClosed: () => void;
  /** Wraps callbacks that were replaced since. */
  readonly reattach: () => void;
}
