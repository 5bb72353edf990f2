/** What lifecycle needs of cold storage. */
export interface ArchivePort {
  /** Moves one ended session to cold storage; does nothing where it is there already. Rejects when the store fails. */
  archive(sessionId: string): Promise<unknown>;
  /** Archives up to `limit` sessions that are due. */
  archiveDue(limit: number): Promise<{ readonly archived: number; readonly failed: number; readonly hasMore: boolean }>;
  /** Removes objects that nothing refers to, until the signal is aborted or the time is up; resolves with their number. */
  sweepLeftovers(limits?: { readonly signal?: AbortSignal | undefined; readonly timeLimitMs?: number | undefined }): Promise<number>;
  /** Drops what this process has of a session's object in memory. */
  forget(sessionId: string): void;
}

/** What lifecycle needs of retention. */
export interface RetentionPort<Policy> {
  /** Creates or changes a policy, and records who did it. */
  updatePolicy(policy: Policy, actor: string): Promise<unknown>;
  /** Makes partitions ahead, drops those whose time has passed, finishes changes of policies, and measures the storage. */
  maintain(): Promise<unknown>;
}
