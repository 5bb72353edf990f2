import { context } from '@opentelemetry/api';
import { startDetached } from '../../../telemetry/detached.js';
import type { CoverClass } from '../coverage.js';
import { isWrappedByOther } from '../wrapped.js';
import { KnownPools } from './knownPools.js';
import { MetricNames } from './metricNames.js';
import { Operations } from './operations.js';
import type { OperationDependencies } from './operations.js';
import { loadPgPatcher } from './pgInstrumentation.js';
import type { PgPatcher, Wrappers } from './pgInstrumentation.js';
import { isFunction, isRecord } from '../../../values/guards.js';
import type { AnyFunction } from '../../../values/guards.js';
import { observePools } from './poolGauges.js';
import { PoolTimes } from './poolTimes.js';
import { atOnce } from '../../../telemetry/afterMetrics.js';
import type { AfterMetrics } from '../../../telemetry/afterMetrics.js';
import { tracedQuery } from './tracedQuery.js';
import { tracePools } from './tracedPool.js';
import { isOurWrapper, ownerOf, wrapMethod } from '../../patching/wrapMethod.js';
import type { WrappedMethod } from '../../patching/wrapMethod.js';

export interface PgCover {
  /** For `pg`'s `Client`, JavaScript or native. */
  readonly client: CoverClass;
  /** For `pg-pool`'s `Pool`. */
  readonly pool: CoverClass;
  /** Ends what does not belong to one class: instruments that observe pools, and our listeners on those. */
  readonly disable: () => void;
}

/**
 * Covers pg: a span and a duration for each query, and the metrics of its pools. pg publishes on no channel, so its methods are
 * wrapped; they are looked up at each call, so clients and pools created earlier are covered too. A class that another
 * instrumentation has wrapped is left to it. Not covered: a `Query` created by hand and given to a client of `pg-native`, which
 * notifies nobody when it is over.
 */
export function coverPg(dependencies: OperationDependencies, afterMetrics: AfterMetrics = atOnce): PgCover {
  const { meter, clock } = dependencies;
  const names = new MetricNames();
  const operations = new Operations(dependencies, names);
  const pools = new KnownPools(names);
  const times = new PoolTimes(meter, clock, pools);
  const unobserve = observePools(meter, pools);
  const pool = tracePools(times, operations);
  // Loaded lazily, with the first copy of pg: it takes about 10 ms.
  let patcher: PgPatcher | undefined;
  const patching = (): PgPatcher => (patcher ??= loadPgPatcher());
  return {
    client: (target) =>
      coverMethods(target, {
        telling: 'query',
        patched: { query: (original) => tracedQuery(operations, original), connect: (original) => timedConnect(times, original) },
        patch: (prototype, wrappers) => patching().client(prototype, wrappers),
      }),
    pool: (target) =>
      coverMethods(target, {
        telling: 'connect',
        patched: { connect: pool.connect, end: passedOn },
        added: { query: pool.query },
        patch: (prototype, wrappers) => patching().pool(prototype, wrappers),
      }),
    disable: () => {
      times.stop();
      afterMetrics(unobserve);
    },
  };
}

type Arounds = Readonly<Record<string, (original: AnyFunction) => AnyFunction>>;

interface Methods {
  /** The method that shows who has wrapped a class. */
  readonly telling: string;
  /** Methods that instrumentation-pg wraps as well. */
  readonly patched: Arounds;
  readonly patch: (prototype: object, wrappers: Wrappers) => void;
  /** Methods that only we wrap. */
  readonly added?: Arounds;
}

function coverMethods(target: object, { telling, patched, patch, added = {} }: Methods): ReturnType<CoverClass> {
  const prototype: unknown = Reflect.get(target, 'prototype');
  if (!isRecord(prototype)) throw new TypeError('the pg class has no prototype');
  const present = (): unknown => Reflect.get(prototype, telling);
  if (isOurWrapper(present())) return { coverage: () => 'patched', undo: () => undefined };
  if (isWrappedByOther(present())) return { coverage: () => 'other', undo: () => undefined };
  const owner = ownerOf(prototype, telling) ?? prototype;
  const wrappers = new Map<string, AnyFunction>();
  const wrapped = new Map<string, WrappedMethod>();
  for (const [name, around] of Object.entries(patched))
    wrapped.set(
      name,
      wrapMethod(owner, name, around, (_owner, wrapper) => void wrappers.set(name, wrapper)),
    );
  patch(owner, wrappers);
  for (const [name, around] of Object.entries(added)) wrapped.set(name, wrapMethod(owner, name, around));
  return {
    coverage: () => (wrapped.get(telling)?.isInPlace() !== true && isWrappedByOther(present()) ? 'other' : 'patched'),
    undo: () => {
      for (const { restore } of wrapped.values()) restore();
    },
  };
}

/** `Pool.prototype.end`: instrumentation-pg wraps it; there is nothing to do here. */
function passedOn(original: AnyFunction): AnyFunction {
  return original;
}

/**
 * `Client.prototype.connect`, whose pool reports when it is done. What arrives on the connection later (notifications, notices, its
 * end) is not part of the span in which it is opened; the opening itself is.
 */
function timedConnect(times: PoolTimes, original: AnyFunction): AnyFunction {
  return function (this: unknown, ...args: unknown[]): unknown {
    if (isRecord(this)) times.connecting(this);
    const callersContext = context.active();
    const given = args.map((arg) => (isFunction(arg) ? context.bind(callersContext, arg) : arg));
    return startDetached(() => Reflect.apply(original, this, given));
  };
}
