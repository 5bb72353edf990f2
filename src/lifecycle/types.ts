/** Kinds of context entry (handoff contract 1.1). */
export const contextTypes = ['message', 'file', 'tool_call', 'system'] as const;
export type ContextType = (typeof contextTypes)[number];

/** Kinds of handoff; only `full_handoff` ends the session for the source agent. */
export const requestTypes = ['context_transfer', 'full_handoff', 'collaboration'] as const;
export type RequestType = (typeof requestTypes)[number];

/** Stored states a session can be filtered by. */
export const sessionStatuses = ['active', 'completed', 'expired', 'cancelled'] as const;
export type SessionStatus = (typeof sessionStatuses)[number];

export type JsonObject = Readonly<Record<string, unknown>>;

/** A session as tools and resources show it. Dates become ISO-8601 UTC strings on the wire. */
export interface Session {
  readonly id: string;
  readonly sessionKey: string;
  readonly agentFrom: string;
  readonly agentTo: string | null;
  readonly status: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly expiresAt: Date | null;
  readonly metadata: JsonObject;
  readonly lastActivityAt: Date;
  readonly isDormant: boolean;
  readonly archivedAt: Date | null;
  readonly retentionPolicy: string;
}

export interface ContextEntry {
  readonly id: string;
  readonly sessionId: string;
  /** From 1, without gaps, in the order in which calls were accepted. */
  readonly sequenceNumber: number;
  readonly contextType: string;
  readonly content: string;
  readonly metadata: JsonObject;
  readonly createdAt: Date;
  readonly processingTimeMs: number | null;
  readonly contentSizeBytes: number | null;
}

export interface ContextSummary {
  readonly sessionKey: string;
  readonly summary: string;
  readonly keyPoints: readonly string[];
  readonly messageCount: number;
  readonly fileCount: number;
  readonly toolCallCount: number;
  readonly lastUpdated: Date;
  readonly participants: readonly string[];
}

/** A page of `items`; `nextCursor` is present while there is more. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor?: string;
}
