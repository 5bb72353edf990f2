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
  /** Present if the metadata was too large for the answer and is shown empty. */
  readonly cut?: { readonly metadata: TextCut };
}

/** Where to continue reading a text that is not shown in full, with `part` and `offset` of the context. */
export interface TextCut {
  /** Offset of the first character that is not shown; characters are Unicode code points. */
  readonly nextOffset: number;
  /** Length of the whole text, if known. */
  readonly totalCharacters?: number;
}

export interface ContextEntry {
  readonly id: string;
  readonly sessionId: string;
  /** Starts at 1, without gaps, in the order in which calls were accepted. */
  readonly sequenceNumber: number;
  readonly contextType: string;
  readonly content: string;
  readonly metadata: JsonObject;
  readonly createdAt: Date;
  /** How long the database took to add it, waits for others on the session included; `null` of entries of earlier servers. */
  readonly processingTimeMs: number | null;
  readonly contentSizeBytes: number | null;
  /** The agent that wrote the entry; present if the call named it. */
  readonly agent?: string;
  /** Present if content or metadata was too large for the answer. */
  readonly cut?: { readonly content?: TextCut; readonly metadata?: TextCut };
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

/** Texts that can be read in ranges when they are too large for an answer. */
export const contextParts = ['content', 'metadata', 'session_metadata'] as const;
export type ContextPart = (typeof contextParts)[number];

/** A page of `items`; `nextCursor` is present if there are more. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** For each item the cursor that continues after it, for callers that show fewer items than these. */
  readonly cursors: readonly string[];
  readonly nextCursor?: string;
}
