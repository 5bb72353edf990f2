import type { HandoffAccount } from './handoffAccount.js';

/** What a client knows of one text it sent: stored for certain, or perhaps, because its call had no answer. */
export interface SentEntry {
  readonly content: string;
  /** The number that the server gave it; absent where the outcome is unknown. */
  readonly sequenceNumber?: number;
}

/** What all clients together know of one session. */
export interface SessionAccount {
  readonly key: string;
  /** Whether registration was acknowledged; otherwise the session may or may not exist. */
  registered: boolean;
  readonly entries: SentEntry[];
  /** Handoffs that were asked for: acknowledged, or perhaps made, because the call had no answer. */
  readonly handoffs: HandoffAccount[];
}

/** What the clients were told, by session: the truth that the database is compared with in the end. */
export class Ledger {
  readonly sessions = new Map<string, SessionAccount>();
  readonly counts = { acknowledged: 0, uncertain: 0, refused: 0 };
  /** Handoffs that were asked for and acknowledged, and answers that changed something for certain. */
  readonly handoffs = { requested: 0, accepted: 0, rejected: 0, completed: 0, repeated: 0, notForOthers: 0 };
  /** Answers of the server that cannot be true together. */
  readonly contradictions: string[] = [];

  open(key: string): SessionAccount {
    const account: SessionAccount = { key, registered: false, entries: [], handoffs: [] };
    this.sessions.set(key, account);
    return account;
  }
}
