import { untouchedFaces } from './mcp/setUpMcp.js';
import type { McpFaces } from './mcp/setUpMcp.js';
import { apiHandles } from './sdk/apiHandles.js';
import type { Telemetry } from './telemetry.js';
import { refuseScrape } from './prometheus/scrape.js';
import { publish, running, withdraw } from './running.js';
import { reportUnsupportedNode } from './unsupportedNode.js';

/** Why there is no telemetry. */
export type IdleState = 'disabled' | 'failed';

interface IdleStatus {
  readonly state: IdleState | 'shut down';
  readonly libraries: readonly never[];
  readonly mcpSdks: readonly never[];
  readonly notices: readonly string[];
}

interface IdleHandle extends Pick<Telemetry, 'tracer' | 'meter' | 'logger' | 'metricsHandler'>, McpFaces {
  status(): IdleStatus;
  flush(): Promise<void>;
  shutdown(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * The handle of a process without telemetry: OpenTelemetry's tracer, meter and logger, which do nothing without an SDK, and
 * functions that return what they were given. It uses nothing from Node: it has to work on versions that we do not support.
 */
export function createIdleHandle(state: IdleState, notices: readonly string[]): IdleHandle {
  let isShutDown = false;
  const shutdown = async (): Promise<void> => {
    isShutDown = true;
    withdraw(handle);
  };
  const handle: IdleHandle = {
    ...apiHandles(),
    ...untouchedFaces,
    metricsHandler: refuseScrape,
    status: () => ({ state: isShutDown ? 'shut down' : state, libraries: [], mcpSdks: [], notices }),
    flush: async () => {},
    shutdown,
    [Symbol.asyncDispose]: shutdown,
  };
  return handle;
}

/**
 * Returns the handle for a Node version that we do not support; the first time, it also writes one line about that.
 *
 * @param requirement as `unmetRequirement` returns it
 */
export function unsupportedHandle(requirement: string): object {
  const present = running();
  if (present !== undefined) return present;
  const handle = createIdleHandle('failed', [reportUnsupportedNode(requirement)]);
  publish(handle);
  return handle;
}
