import { Undo } from '../../errors/undo.js';
import { errorMessage } from '../../errors/classify.js';
import type { AfterMetrics } from '../../telemetry/afterMetrics.js';
import type { JsRuntime } from '../loading/jsRuntime.js';
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
  /** Modules that bundlers put where no search finds them. */
  readonly modules: LibraryModules;
  /** Absent when pino is left alone. */
  readonly pino: PinoSubscription | undefined;
  readonly runtime: JsRuntime;
  readonly afterMetrics?: AfterMetrics;
  /** Notified of a library that cannot be covered. */
  readonly report: (line: string) => void;
}

export interface LibraryCoverage {
  status(): readonly LibraryStatus[];
  /** Accepts more modules than were known at startup. */
  handOver(modules: LibraryModules): void;
  /** One sentence for each module handed over that is not what it should be. */
  notices(): readonly string[];
  /** Restores everything. */
  uncover(): void;
}

/**
 * Starts covering pg, ioredis, pino and Node's runtime. Call it after the providers are registered: instrumentations get theirs
 * when they are created. Covers every copy that is loaded, is handed over, or loads later.
 *
 * A library that cannot be covered (an odd copy of it, a broken install) is reported; everything else stays covered.
 */
export function coverLibraries(dependencies: LibraryDependencies): LibraryCoverage {
  const { libraries, modules, pino, runtime, report, afterMetrics } = dependencies;
  // Filled along the way, so that a library that fails half-way is undone as well.
  const undo = new Undo(report);
  const problems = new Map<keyof LibraryOptions, string>();
  const cover = (name: keyof LibraryOptions, begin: () => void): void => {
    if (!libraries[name]) return;
    try {
      begin();
    } catch (error) {
      problems.set(name, errorMessage(error));
      report(`${name} is not covered: ${errorMessage(error)}. Everything else is. To silence this, set libraries: { ${name}: false }.`);
    }
  };
  const covers: Covers = {};
  let redisWasSeen = (): boolean => false;
  cover('pg', () => {
    const pg = coverPg(dependencies, afterMetrics);
    undo.add(pg.disable);
    covers.pg = pg.client;
    covers['pg-pool'] = pg.pool;
  });
  cover('ioredis', () => {
    const redis = coverRedis(dependencies);
    undo.add(redis.disable);
    covers.ioredis = redis.cover;
    redisWasSeen = redis.wasSeen;
  });
  if (pino !== undefined) covers.pino = coverPino(pino);
  cover('runtime', () => undo.add(coverRuntime()));
  const copies = new LibraryCopies(covers, report);
  undo.add(() => copies.release());
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
  const wasSeen = (name: LibraryName): boolean => (name === 'ioredis' ? redisWasSeen() : name === 'pino' && pino?.wasSeen() === true);
  findCopies({ copies, runtime, report }, undo);
  return {
    status: () => libraryStatus({ enabled: libraries, copies, wasSeen, runtime: { ...runtime, problem: problems.get('runtime') } }),
    handOver,
    notices: () => notices,
    uncover: () => undo.run(),
  };
}

function findCopies(
  { copies, runtime, report }: { copies: LibraryCopies } & Pick<LibraryDependencies, 'runtime' | 'report'>,
  undo: Undo,
): void {
  try {
    // The hooks come first: a module that began to load between the two would otherwise be missed by both.
    undo.add(watchLibraries((found) => copies.take(found, 'load hook'), runtime));
  } catch (error) {
    report(`libraries that load later are not found: ${errorMessage(error)}. Load them before instrument(), or pass them in modules.`);
  }
  for (const found of loadedClasses()) copies.take(found, 'loaded');
}
