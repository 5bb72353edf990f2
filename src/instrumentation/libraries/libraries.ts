import { errorMessage } from '../../errors/classify.js';
import type { PinoSubscription } from '../logs/pino/pinoChannel.js';
import type { LibraryModules, LibraryOptions } from '../settings/options.js';
import { loadedClasses } from './foundClass.js';
import { classesIn } from './handedOver.js';
import { LibraryCopies } from './libraryCopies.js';
import type { Covers } from './libraryCopies.js';
import { libraryStatus } from './libraryStatus.js';
import type { LibraryStatus } from './libraryStatus.js';
import type { LibraryName } from './libraryTable.js';
import { coverPg } from './pg/coverPg.js';
import { coverPino } from './pinoCover.js';
import { coverRedis } from './redis/redisCover.js';
import type { RedisDependencies } from './redis/redisCommands.js';
import { coverRuntime } from './runtimeCover.js';
import { watchLibraries } from './watchLibraries.js';

export interface LibraryDependencies extends RedisDependencies {
  readonly libraries: Required<LibraryOptions>;
  /** What bundlers put where no search finds it. */
  readonly modules: LibraryModules;
  /** Absent when pino is left alone. */
  readonly pino: PinoSubscription | undefined;
  /** As in `process.versions.node`. */
  readonly nodeVersion: string;
  /** Told of a library that cannot be covered. */
  readonly report: (line: string) => void;
}

export interface LibraryCoverage {
  status(): readonly LibraryStatus[];
  /** Takes more modules than were known at the start. */
  handOver(modules: LibraryModules): void;
  /** Modules handed over that are not what they should be, one sentence each. */
  notices(): readonly string[];
  /** Puts everything back. */
  uncover(): void;
}

/** Steps that undo what covering a library did, filled as it goes, so that one that fails half-way is undone as well. */
type Undo = (() => void)[];

/**
 * Starts covering pg, ioredis, pino and Node's runtime. Call after the providers are registered: instrumentations take theirs
 * when they are made. Covers every copy that is loaded, is handed over, or comes later.
 *
 * A library that cannot be covered (an odd copy of it, a broken install) is reported and costs nothing but itself.
 */
export function coverLibraries(dependencies: LibraryDependencies): LibraryCoverage {
  const { libraries, modules, pino, nodeVersion, report } = dependencies;
  const undo: Undo = [];
  const problems = new Map<keyof LibraryOptions, string>();
  const cover = (name: keyof LibraryOptions, begin: (steps: Undo) => void): void => {
    if (!libraries[name]) return;
    try {
      begin(undo);
    } catch (error) {
      problems.set(name, errorMessage(error));
      report(`${name} is not covered: ${errorMessage(error)}. Everything else is; switch it off with libraries: { ${name}: false }.`);
    }
  };
  const covers: Covers = {};
  let redisWasSeen = (): boolean => false;
  cover('pg', (steps) => {
    const pg = coverPg(dependencies);
    steps.push(pg.disable);
    covers.pg = pg.client;
    covers['pg-pool'] = pg.pool;
  });
  cover('ioredis', (steps) => {
    const redis = coverRedis(dependencies);
    steps.push(redis.disable);
    covers.ioredis = redis.cover;
    redisWasSeen = redis.wasSeen;
  });
  if (pino !== undefined) covers.pino = coverPino(pino);
  cover('runtime', (steps) => {
    steps.push(coverRuntime());
  });
  const copies = new LibraryCopies(covers, report);
  undo.push(() => copies.release());
  const notices: string[] = [];
  const handOver = (given: LibraryModules): void => {
    const taken = classesIn(given);
    for (const found of taken.classes) copies.take(found, 'handed over');
    for (const notice of taken.notices) {
      notices.push(notice);
      report(notice);
    }
  };
  handOver(modules);
  const wasHeard = (name: LibraryName): boolean => (name === 'ioredis' ? redisWasSeen() : name === 'pino' && pino?.wasSeen() === true);
  findCopies({ copies, nodeVersion, report }, undo);
  return {
    status: () => libraryStatus({ enabled: libraries, copies, wasHeard, runtime: { nodeVersion, problem: problems.get('runtime') } }),
    handOver,
    notices: () => notices,
    uncover: () => {
      for (const step of undo.splice(0).reverse()) step();
    },
  };
}

function findCopies(
  { copies, nodeVersion, report }: { copies: LibraryCopies } & Pick<LibraryDependencies, 'nodeVersion' | 'report'>,
  undo: Undo,
): void {
  try {
    // First the hooks: what begins to load between the two would be missed by both.
    undo.push(watchLibraries((found) => copies.take(found, 'load hook'), nodeVersion));
  } catch (error) {
    report(`libraries that load later are not found: ${errorMessage(error)}. Load them before instrument(), or hand them over in modules.`);
  }
  for (const found of loadedClasses()) copies.take(found, 'loaded');
}
