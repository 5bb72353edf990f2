import type { CallRecord, Evidence, StoredEntry } from '../evidence.js';

/** What became of what agents wrote. */
export interface WriteFigures {
  readonly acknowledged: number;
  /** Acknowledged, and not stored. */
  readonly lost: number;
  /** Written by one call, and stored more than once. */
  readonly doubled: number;
  /** Stored, and written by nobody. */
  readonly foreign: number;
}

const keyOf = ({ sessionKey, content }: StoredEntry): string => JSON.stringify([sessionKey, content]);

export function writeFigures({ calls, stored }: Pick<Evidence, 'calls' | 'stored'>): WriteFigures {
  const times = new Map<string, number>();
  for (const entry of stored) times.set(keyOf(entry), (times.get(keyOf(entry)) ?? 0) + 1);
  const keys = (list: readonly CallRecord[]): string[] => list.flatMap(({ write }) => (write === undefined ? [] : [keyOf(write)]));
  const sent = new Set(keys(calls));
  const acknowledged = keys(calls.filter(({ outcome }) => outcome === 'ok'));
  return {
    acknowledged: acknowledged.length,
    lost: acknowledged.filter((key) => !times.has(key)).length,
    doubled: [...times.values()].filter((count) => count > 1).length,
    foreign: [...times.keys()].filter((key) => !sent.has(key)).length,
  };
}
