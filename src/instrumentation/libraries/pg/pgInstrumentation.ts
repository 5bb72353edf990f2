import type { Instrumentation, InstrumentationModuleDefinition } from '@opentelemetry/instrumentation';
import type * as PgModule from '@opentelemetry/instrumentation-pg';
import { ourRequire } from '../../loading/ourRequire.js';
import type { AnyFunction } from '../../../values/guards.js';

/** Wrappers to install, by the name of their method. */
export type Wrappers = ReadonlyMap<string, AnyFunction>;

type Base = Instrumentation & { getModuleDefinitions(): InstrumentationModuleDefinition[] };

/** Puts wrappers on the prototype of a class. */
export interface PgPatcher {
  /** `query` and `connect`. */
  readonly client: (prototype: object, wrappers: Wrappers) => void;
  /** `connect`. */
  readonly pool: (prototype: object, wrappers: Wrappers) => void;
}

/**
 * instrumentation-pg, as far as it does the right thing: it knows the modules of pg and where to wrap them. Its own wrappers have
 * faults that nothing downstream can fix (decision 0019), so the wrappers are ours: its factories for them are replaced. They are
 * private; `pgInstrumentation.test.ts` fails when an upgrade renames one.
 *
 * Its hooks on module loading stay off: `watchLibraries` finds classes in more places.
 */
export function loadPgPatcher(): PgPatcher {
  const { PgInstrumentation } = ourRequire()('@opentelemetry/instrumentation-pg') as typeof PgModule;
  const Patching = PgInstrumentation as unknown as new (config: PgModule.PgInstrumentationConfig) => Base;
  let wrappers: Wrappers = new Map();
  const wrapperOf = (name: string) => (original: AnyFunction) => wrappers.get(name) ?? passingOn(original);

  class PgWithOurWrappers extends Patching {
    _getClientQueryPatch = () => wrapperOf('query');
    _getClientConnectPatch = () => wrapperOf('connect');
    _getPoolConnectPatch = () => wrapperOf('connect');
    _getPoolEndPatch = () => wrapperOf('end');
    /** Its pool instruments count wrongly, so none are created. */
    _updateMetricInstruments(): void {}
  }
  const definitions = new PgWithOurWrappers({ enabled: false }).getModuleDefinitions();
  const patch = (name: string, exports: object, given: Wrappers): void => {
    const definition = definitions.find((candidate) => candidate.name === name);
    if (definition?.patch === undefined) throw new TypeError(`this version of instrumentation-pg does not patch ${name}`);
    wrappers = given;
    try {
      definition.patch(exports);
    } finally {
      // They lead to the class, which must not be retained.
      wrappers = new Map();
    }
  };
  return {
    client: (prototype, given) => patch('pg', { Client: { prototype } }, given),
    pool: (prototype, given) => patch('pg-pool', { prototype }, given),
  };
}

/** Returns a new function: the original itself would then carry the marks of a wrapper. */
function passingOn(original: AnyFunction): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    return Reflect.apply(original, this, args);
  };
}
