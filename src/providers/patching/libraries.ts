import { metrics } from '@opentelemetry/api';
import type { Meter, Tracer } from '@opentelemetry/api';
import type { Instrumentation, InstrumentationNodeModuleDefinition } from '@opentelemetry/instrumentation';
import type * as IORedisModule from '@opentelemetry/instrumentation-ioredis';
import type * as PgModule from '@opentelemetry/instrumentation-pg';
import type * as RuntimeModule from '@opentelemetry/instrumentation-runtime-node';
import { errorMessage } from '../../errors/classify.js';
import { ourRequire } from '../../modules/ourRequire.js';
import type { Clock } from '../../time/clock.js';
import type { LibraryOptions } from '../settings/options.js';
import { patchLoaded } from './latePatch.js';
import type { PatchingInstrumentation } from './latePatch.js';
import { subscribeRedis } from './redisChannel.js';
import { isPatched } from './wrapped.js';

export interface LibraryDependencies {
  readonly libraries: Required<LibraryOptions>;
  readonly tracer: Tracer;
  readonly meter: Meter;
  readonly clock: Clock;
  /** Told of a library that cannot be covered. */
  readonly report: (line: string) => void;
}

/** Steps that undo what covering a library did, filled as it goes, so that one that fails half-way is undone as well. */
type Undo = (() => void)[];

/** From this version on ioredis publishes its commands; its channel covers them, the patch must not. */
const IOREDIS_PATCHED_RANGE = '>=2.0.0 <5.11.0';

/**
 * Starts covering pg, ioredis and Node's runtime. Call after the providers are registered: instrumentations take theirs
 * when they are made. Works whether the libraries are loaded already or come later. Returns what undoes it.
 *
 * A library that cannot be covered (an odd copy of it, a broken install) is reported and costs nothing but itself.
 */
export function coverLibraries({ libraries, tracer, meter, clock, report }: LibraryDependencies): () => void {
  const undo: Undo = [];
  const cover = (name: keyof LibraryOptions, begin: (steps: Undo) => void): void => {
    if (!libraries[name]) return;
    try {
      begin(undo);
    } catch (error) {
      report(`${name} is not covered: ${errorMessage(error)}. Everything else is; switch it off with libraries: { ${name}: false }.`);
    }
  };
  cover('pg', (steps) => patch(createPgInstrumentation(), steps));
  cover('ioredis', (steps) => {
    steps.push(subscribeRedis({ tracer, meter, clock }).disable);
    patch(createOldIORedisInstrumentation(), steps);
  });
  cover('runtime', (steps) => {
    const { RuntimeNodeInstrumentation } = ourRequire()('@opentelemetry/instrumentation-runtime-node') as typeof RuntimeModule;
    const runtime: Instrumentation = new RuntimeNodeInstrumentation();
    steps.push(() => runtime.disable());
    // Its constructor makes no instruments; it waits to be told where to.
    runtime.setMeterProvider(metrics.getMeterProvider());
  });
  return () => {
    for (const step of undo.splice(0)) step();
  };
}

function patch(instrumentation: PatchingInstrumentation, steps: Undo): void {
  steps.push(() => instrumentation.disable());
  steps.push(patchLoaded(instrumentation, isPatched));
}

function createPgInstrumentation(): PatchingInstrumentation {
  const { PgInstrumentation } = ourRequire()('@opentelemetry/instrumentation-pg') as typeof PgModule;
  // requireParentSpan would also switch the metrics off; connect spans say what the pool metrics say, once per connection.
  return new PgInstrumentation({ requireParentSpan: false, ignoreConnectSpans: true });
}

/** ioredis without a diagnostics channel. Its own range would include newer ones, which would then be traced twice. */
function createOldIORedisInstrumentation(): PatchingInstrumentation {
  const { IORedisInstrumentation } = ourRequire()('@opentelemetry/instrumentation-ioredis') as typeof IORedisModule;
  class OldIORedisInstrumentation extends IORedisInstrumentation {
    override init(): InstrumentationNodeModuleDefinition[] {
      const definitions = super.init();
      for (const definition of definitions) definition.supportedVersions = [IOREDIS_PATCHED_RANGE];
      return definitions;
    }
  }
  // Old clients put arguments into the text; the guard cuts them off again, this keeps them from being copied at all.
  return new OldIORedisInstrumentation({ dbStatementSerializer: (command, args) => (args.length > 0 ? `${command} ?` : command) });
}
