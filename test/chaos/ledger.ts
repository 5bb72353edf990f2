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
  /** Handoffs that were acknowledged. */
  handoffs: number;
  /** Handoffs whose call had no answer. */
  uncertainHandoffs: number;
}

/** What the clients were told, by session: the truth that the database is compared with in the end. */
export class Ledger {
  readonly sessions = new Map<string, SessionAccount>();
  readonly counts = { acknowledged: 0, uncertain: 0, refused: 0 };

  open(key: string): SessionAccount {
    const account: SessionAccount = { key, registered: false, entries: [], handoffs: 0, uncertainHandoffs: 0 };
    this.sessions.set(key, account);
    return account;
  }
}
