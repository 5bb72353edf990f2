import type { Queryable } from '../storage/database.js';

/** A session that is being erased. */
export interface ErasedSession {
  readonly sessionId: string;
  readonly sessionKey: string;
}

/**
 * Deletes what another service keeps about a session. It runs within the transaction of the erasure: use only `q`, and expect to be
 * called again for the same session. If it rejects, nothing is erased.
 */
export type EraseHook = (q: Queryable, session: ErasedSession) => Promise<void>;

/** The hooks of all services that keep something about sessions. */
export class EraseHooks {
  private readonly hooks = new Set<EraseHook>();

  /** Adds a hook; the result takes it away again. */
  add(hook: EraseHook): () => void {
    this.hooks.add(hook);
    return () => void this.hooks.delete(hook);
  }

  async run(q: Queryable, session: ErasedSession): Promise<void> {
    for (const hook of this.hooks) await hook(q, session);
  }
}
