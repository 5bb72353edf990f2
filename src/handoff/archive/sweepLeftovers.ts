import { archiveOperations } from '../../telemetry/catalogue/archive.js';
import { ATTR_HANDOFF_ARCHIVE_STORE, ATTR_HANDOFF_SESSION_ID } from '../../telemetry/semconv.js';
import type { Clock } from '../../time/clock.js';
import type { ArchiveDependencies, StoreDependencies } from './dependencies.js';
import { condemnObjects, condemnObjectsOf, countObjectsOf, forgetObjects } from './sql/leftovers.js';
import type { CondemnedObject } from './sql/leftovers.js';

const BATCH = 200;
/** A sweep ends when it has waited for so long for a store that failed in the end: each of many objects may take a minute. */
const MAX_FAILING_MS = 120_000;

/** How far a sweep goes at once. */
export interface LeftoverLimits {
  /** Ends the sweep after the object at hand. */
  readonly signal?: AbortSignal | undefined;
  /** No object is begun later than this, in milliseconds from the start. Default: no limit. */
  readonly timeLimitMs?: number | undefined;
}

/**
 * Deletes objects that nothing refers to: of archivers that failed, of sessions that were restored, purged or erased. Safe to run
 * anywhere, any number of times at once. Returns how many notes it settled.
 *
 * An object that is not found stays noted: for a day, in which it may still appear; where it was written to another place, for a
 * process that uses that place.
 */
export function sweepLeftovers(deps: StoreDependencies, limits: LeftoverLimits = {}): Promise<number> {
  const { database, store, leftoverGraceMs } = deps;
  return deps.observe(archiveOperations.clean.name, { [ATTR_HANDOFF_ARCHIVE_STORE]: store.kind }, async () => {
    let deleted = 0;
    // Only of those that stay: the statement compares each object with all of them.
    const staying = new Set<string>();
    const patience = new Patience(deps.clock, limits);
    while (!patience.isOver) {
      const objects = await database.query<CondemnedObject>(condemnObjects, [leftoverGraceMs, BATCH, [...staying]]);
      for (const { object_key: key } of objects) staying.add(key);
      const gone = await deleteObjects(deps, objects, patience);
      for (const key of gone) staying.delete(key);
      deleted += gone.length;
      if (objects.length < BATCH) break;
    }
    return deleted;
  });
}

/** Deletes the objects of a session that was deleted, and returns whether none is left or can still appear. */
export async function clearSession(deps: ArchiveDependencies, sessionId: string): Promise<boolean> {
  const { database, store } = deps;
  if (store !== undefined) {
    const attributes = { [ATTR_HANDOFF_ARCHIVE_STORE]: store.kind, [ATTR_HANDOFF_SESSION_ID]: sessionId };
    await deps.observe(archiveOperations.clean.name, attributes, async () => {
      const objects = await database.query<CondemnedObject>(condemnObjectsOf, [sessionId]);
      await deleteObjects({ ...deps, store }, objects, new Patience(deps.clock, {}));
    });
  }
  const [row] = await database.query<{ readonly objects: number }>(countObjectsOf, [sessionId]);
  return row?.objects === 0;
}

/** Returns the keys of those that are gone for good. */
async function deleteObjects(deps: StoreDependencies, objects: readonly CondemnedObject[], patience: Patience): Promise<string[]> {
  const gone: string[] = [];
  for (const object of objects) {
    if (patience.isOver) break;
    if (await patience.spendIfItFails(() => deleteObject(deps, object))) gone.push(object.object_key);
  }
  if (gone.length > 0) await deps.database.query(forgetObjects, [gone]);
  return gone;
}

/** Returns whether the object is gone for good. */
async function deleteObject({ store }: StoreDependencies, object: CondemnedObject): Promise<boolean> {
  const { object_key: key, store: kind, location, is_past: isPast } = object;
  const isOurs = store.kind === kind && store.location === location;
  const isThere = (await store.head(key)) !== undefined;
  if (!isThere && !isOurs) return false;
  // Also where nothing is: what a crash left of writing it goes with it.
  await store.delete(key);
  return isThere || isPast;
}

/**
 * How long a sweep goes on: as its caller says, and until it has waited for too long for a store that fails. One that refuses at once costs
 * nothing, and does not keep other objects waiting.
 */
class Patience {
  readonly #clock: Clock;
  readonly #signal: AbortSignal | undefined;
  readonly #untilMs: number;
  #failingMs = 0;

  constructor(clock: Clock, { signal, timeLimitMs = Infinity }: LeftoverLimits) {
    this.#clock = clock;
    this.#signal = signal;
    this.#untilMs = clock.monotonicMs() + timeLimitMs;
  }

  get isOver(): boolean {
    return this.#signal?.aborted === true || this.#failingMs >= MAX_FAILING_MS || this.#clock.monotonicMs() >= this.#untilMs;
  }

  /** Resolves with false if the work fails: the next sweep tries it again. */
  async spendIfItFails(work: () => Promise<boolean>): Promise<boolean> {
    const begunMs = this.#clock.monotonicMs();
    try {
      return await work();
    } catch {
      // Counted by the guarded store.
      this.#failingMs += this.#clock.monotonicMs() - begunMs;
      return false;
    }
  }
}
