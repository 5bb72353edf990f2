import { createRequire } from 'node:module';
import type * as Core from '@opentelemetry/core';
import type * as Prometheus from '@opentelemetry/exporter-prometheus';
import type * as Resources from '@opentelemetry/resources';
import type * as SdkLogs from '@opentelemetry/sdk-logs';
import type * as SdkMetrics from '@opentelemetry/sdk-metrics';
import type * as SdkNode from '@opentelemetry/sdk-node';
import type * as SdkTrace from '@opentelemetry/sdk-trace';
import { MissingPeerError } from '../../errors/missingPeerError.js';
import { ourRequire } from '../loading/ourRequire.js';
import { withStandIns } from './standIns.js';

/** The parts of the SDK that `instrument()` uses. */
export interface SdkModules {
  readonly core: typeof Core;
  readonly logs: typeof SdkLogs;
  readonly metrics: typeof SdkMetrics;
  readonly node: typeof SdkNode;
  readonly prometheus: typeof Prometheus;
  readonly resources: typeof Resources;
  readonly trace: typeof SdkTrace;
  /** Loads any other package that sdk-node itself depends on, in sdk-node's own copy. */
  load(packageName: string): unknown;
}

/**
 * What sdk-node loads along with itself for those who let it read OTEL_* or a configuration file. This takes more than half of
 * its load time, most of it for gRPC and YAML; we bring our own exporters. sdk-node accesses these packages only inside
 * functions, so they can be loaded lazily. Delete this list when sdk-node loads them lazily itself.
 */
const USED_LATER = [
  ...['trace', 'metrics', 'logs'].flatMap((signal) =>
    ['grpc', 'http', 'proto'].map((protocol) => `@opentelemetry/exporter-${signal}-otlp-${protocol}`),
  ),
  '@opentelemetry/otlp-grpc-exporter-base',
  '@opentelemetry/otlp-exporter-base',
  '@opentelemetry/configuration',
  '@opentelemetry/exporter-prometheus',
  '@opentelemetry/exporter-zipkin',
  '@opentelemetry/propagator-b3',
];

/**
 * Loads the SDK when `instrument()` runs, and not before: OTEL_SDK_DISABLED must load nothing, and importing handoff-otel must
 * stay cheap for those who only want its types or services.
 *
 * Uses `require`, because the call is synchronous, and because the CommonJS build loads faster than the ESM build of the same
 * packages; docs/comparisons/benchmarks-startup.md has the figures. Everything is resolved from sdk-node's own location, so
 * that one copy of each package is used whatever the package manager's layout.
 */
export function loadSdk(): SdkModules {
  const entry = findSdkNode(ourRequire());
  const theirs = createRequire(entry);
  const isLoaded = theirs.cache[entry] !== undefined;
  return {
    node: withStandIns(theirs, isLoaded ? [] : USED_LATER, () => theirs('@opentelemetry/sdk-node') as typeof SdkNode),
    core: theirs('@opentelemetry/core') as typeof Core,
    logs: theirs('@opentelemetry/sdk-logs') as typeof SdkLogs,
    metrics: theirs('@opentelemetry/sdk-metrics') as typeof SdkMetrics,
    get prometheus() {
      return theirs('@opentelemetry/exporter-prometheus') as typeof Prometheus;
    },
    resources: theirs('@opentelemetry/resources') as typeof Resources,
    trace: theirs('@opentelemetry/sdk-trace') as typeof SdkTrace,
    load: (packageName) => loadBeside(theirs, packageName),
  };
}

/** It is missing where a bundle or a single executable runs without `node_modules`. */
function findSdkNode(ours: NodeJS.Require): string {
  const name = '@opentelemetry/sdk-node';
  try {
    return ours.resolve(name);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    const install = 'npm install handoff-otel';
    const advice = ` Run where the program runs: ${install}. A bundle or a single executable cannot hold what instrument() loads.`;
    throw new MissingPeerError(name, install, 'instrument()', error, advice);
  }
}

/** Also finds packages one step further down: the codec is a dependency of sdk-node's exporters, not of sdk-node. */
function loadBeside(theirs: NodeJS.Require, packageName: string): unknown {
  try {
    return theirs(packageName);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    return createRequire(theirs.resolve('@opentelemetry/otlp-exporter-base'))(packageName);
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND';
}
