import { createRequire } from 'node:module';
import type * as Core from '@opentelemetry/core';
import type * as Prometheus from '@opentelemetry/exporter-prometheus';
import type * as Resources from '@opentelemetry/resources';
import type * as SdkLogs from '@opentelemetry/sdk-logs';
import type * as SdkMetrics from '@opentelemetry/sdk-metrics';
import type * as SdkNode from '@opentelemetry/sdk-node';
import type * as SdkTrace from '@opentelemetry/sdk-trace';
import { ourRequire } from '../modules/ourRequire.js';

/** The parts of the SDK that `instrument()` uses. */
export interface SdkModules {
  readonly core: typeof Core;
  readonly logs: typeof SdkLogs;
  readonly metrics: typeof SdkMetrics;
  readonly node: typeof SdkNode;
  readonly prometheus: typeof Prometheus;
  readonly resources: typeof Resources;
  readonly trace: typeof SdkTrace;
  /** Any other package that sdk-node itself depends on, in exactly its copy. */
  load(packageName: string): unknown;
}

/**
 * Loads the SDK when `instrument()` runs, and not before: OTEL_SDK_DISABLED must load nothing, and importing
 * handoff-otel must stay cheap for those who only want its types or services.
 *
 * By `require`, because the call is synchronous; and because the CommonJS build loads in about 165 ms where the ESM
 * build of the same packages takes 275 (Node 24, two cores). Everything is resolved from sdk-node's own place, so that
 * one copy of each package is used whatever the package manager's layout.
 */
export function loadSdk(): SdkModules {
  const ours = ourRequire();
  const theirs = createRequire(ours.resolve('@opentelemetry/sdk-node'));
  return {
    node: theirs('@opentelemetry/sdk-node') as typeof SdkNode,
    core: theirs('@opentelemetry/core') as typeof Core,
    logs: theirs('@opentelemetry/sdk-logs') as typeof SdkLogs,
    metrics: theirs('@opentelemetry/sdk-metrics') as typeof SdkMetrics,
    prometheus: theirs('@opentelemetry/exporter-prometheus') as typeof Prometheus,
    resources: theirs('@opentelemetry/resources') as typeof Resources,
    trace: theirs('@opentelemetry/sdk-trace') as typeof SdkTrace,
    load: (packageName) => loadBeside(theirs, packageName),
  };
}

/** Packages one step further down: the codec is a dependency of sdk-node's exporters, not of sdk-node. */
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
