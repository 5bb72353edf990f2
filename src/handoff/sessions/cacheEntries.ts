import { archivedKeys } from '../archive/archivedKeys.js';
import type { HandoffStateRow } from './sql/readHandoffState.js';
import type { ContextSummary, JsonObject, RequestType, Session } from './types.js';

/** Cache keys and values of the handoff contract, section 1.4. Readers outside this server rely on them. */

const LATEST_CONTEXT_TTL_SECONDS = 3600;
const HANDOFF_PACKAGE_TTL_SECONDS = 86_400;
const PREVIEW_CHARACTERS = 200;

export interface CacheKey {
  readonly key: string;
  readonly ttlSeconds: number;
}

export function latestContextKey(sessionKey: string): CacheKey {
  return { key: `session:${sessionKey}:latest_context`, ttlSeconds: LATEST_CONTEXT_TTL_SECONDS };
}

export function latestContextValue(
  request: { readonly contextType: string; readonly content: string },
  entry: { readonly sequenceNumber: number; readonly createdAt: Date },
): string {
  const { content, contextType } = request;
  const preview = content.length > PREVIEW_CHARACTERS ? `${firstCharacters(content)}...` : content;
  return JSON.stringify({ lastUpdate: entry.createdAt, contextType, sequenceNumber: entry.sequenceNumber, preview });
}

/** Half a surrogate pair at the cut is dropped: readers in other languages reject a text that ends in one. */
function firstCharacters(content: string): string {
  const cut = content.slice(0, PREVIEW_CHARACTERS);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}

/**
 * The agent's name ends at the second colon, so colons and `%` in it are percent-encoded; otherwise
 * `bob` with session `x:k` and `bob:x` with session `k` would share a key, and one agent would read the other's package.
 */
export function handoffPackageKey(targetAgent: string, sessionKey: string): CacheKey {
  const agent = targetAgent.replaceAll('%', '%25').replaceAll(':', '%3A');
  return { key: `handoff:${agent}:${sessionKey}`, ttlSeconds: HANDOFF_PACKAGE_TTL_SECONDS };
}

/** A session that was deleted, as its cache keys name it. */
export interface DeletedSession {
  readonly sessionId: string;
  readonly sessionKey: string;
  /** All that it was ever handed to. */
  readonly agents: readonly string[];
}

/** Returns every cache key that a deleted session may have had, each once. */
export function keysOfDeleted({ sessionId, sessionKey, agents }: DeletedSession): readonly string[] {
  const packages = agents.flatMap((agent) => [
    handoffPackageKey(agent, sessionKey).key,
    // An earlier server does not encode the agent.
    `handoff:${agent}:${sessionKey}`,
  ]);
  return [...new Set([latestContextKey(sessionKey).key, ...packages, ...archivedKeys(sessionId, sessionKey)])];
}

export interface HandoffPackage {
  readonly session: Session;
  readonly sourceAgent: string;
  readonly summary: ContextSummary;
  readonly targetAgent: string;
  readonly requestType: RequestType;
  readonly requestData: JsonObject;
  readonly timestamp: string;
}

/** What a package is made of a history. */
export type PackagedHistory = Pick<HandoffStateRow, 'entries' | 'content_bytes' | 'entry_count'> & {
  /** Of `entries`, in UTF-8. */
  readonly entriesBytes: number;
};

/**
 * Builds the package a target agent picks up, and counts it. `fullContext` is assembled from text, so that a history of megabytes is
 * neither parsed nor serialised again, nor made one piece to be counted; one that is too large is omitted, and `contextOmitted` gives its
 * size.
 */
export function handoffPackageValue(handoff: HandoffPackage, history: PackagedHistory): { readonly text: string; readonly bytes: number } {
  const { session, sourceAgent, summary, targetAgent, requestType, requestData, timestamp } = handoff;
  const head = JSON.stringify({
    sessionKey: session.sessionKey,
    sourceAgent,
    targetAgent,
    requestType,
    handoffSummary: summary.summary,
  });
  const tail = JSON.stringify({
    requestData,
    timestamp,
    ...(history.entries === null && history.entry_count > 0
      ? { contextOmitted: { entries: history.entry_count, contentBytes: history.content_bytes } }
      : {}),
  });
  const before = `${head.slice(0, -1)},"fullContext":{"session":${JSON.stringify(session)},"contextHistory":`;
  const after = `,"summary":${JSON.stringify(summary)}},${tail.slice(1)}`;
  const entries = history.entries ?? '[]';
  const entriesBytes = history.entries === null ? entries.length : history.entriesBytes;
  return { text: `${before}${entries}${after}`, bytes: Buffer.byteLength(before) + entriesBytes + Buffer.byteLength(after) };
}
