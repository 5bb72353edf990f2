import type { Connection } from '../connection/connection.js';
import type { Received } from '../connection/received.js';
import type { Sent } from '../connection/sent.js';
import type { SwitchedOn } from './classMethod.js';

/** What other code may have undone since. */
export interface Renewable {
  /** Wraps callbacks that have been replaced since. */
  reattach(): void;
  /** Wraps `send` on the transport itself if its class no longer has our method, or has another one in front. */
  keepSends(): void;
}

/** State shared by the wrappers of one transport. */
export interface HookState extends SwitchedOn {
  readonly connection: Connection;
  readonly received: Received;
  readonly sent: Sent;
  /** False once released: every wrapper then just calls what it wraps. */
  live: boolean;
  /** The message being delivered. SDKs chain callbacks set before theirs, so an older wrapper may be called inside a newer one. */
  arriving: unknown;
  /** Whether other code, such as a proxy, handles the messages instead of the SDK: what the SDK accepted then says nothing. */
  takenOver: boolean;
  readonly onClosed: () => void;
  readonly hook: Renewable;
}
