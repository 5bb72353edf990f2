import type { Meter, Tracer } from '@opentelemetry/api';
import { checkOptions, readableEntries } from '../settings/checkOptions.js';
import type { Kinds } from '../settings/checkOptions.js';
import type { AfterMetrics } from '../../telemetry/afterMetrics.js';
import type { Clock } from '../../time/clock.js';
import { discoverSdks } from './discovery/discoverSdks.js';
import type { DiscoveryIo, FoundSdk, SdkAdopter } from './discovery/types.js';
import type { EmitterTarget } from './emission/emitter.js';
import { holdMcp, mcpHolder } from './holder.js';
import type { McpHolder } from './holder.js';
import { createMcpInstrumentation } from './instrumentation.js';
import type { McpHooks } from './instrumentation.js';
import { mcpOptionsFromEnv } from './optionsFromEnv.js';
import { MCP_MODES, REMOTE_PARENTS } from '../../variables/telemetryVariables.js';
import type { McpMode, McpOptions } from './options.js';
import type { Propagation } from './propagation/parentContext.js';

/** Configures how the MCP servers and clients of a process are instrumented. Options not given come from `HANDOFF_MCP_*`. */
export interface McpSetup extends McpOptions {
  /** Instruments every server and client automatically, wherever its SDK is or will be loaded from. Default true. */
  readonly discover?: boolean;
}

/** The part of the instrumentation that is offered to hosts. */
export type McpFaces = Pick<McpHooks, 'instrumentServer' | 'instrumentClient' | 'instrumentHandler' | 'instrumentTransport'>;

export interface McpDependencies {
  /** The name of the caller in notices. Default `instrument()`. */
  readonly name?: string;
  readonly tracer: Tracer;
  readonly meter: Meter;
  readonly propagation: Propagation;
  readonly clock: Clock;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly io: DiscoveryIo;
  /**
   * Called when a server's connection over pipes has closed: its client is gone, and the process may exit next. Not called for
   * HTTP, where connections come and go.
   */
  readonly onConversationEnd?: () => void;
  /** Takes what ends the observation of open requests. Default: it ends at once. */
  readonly afterMetrics?: AfterMetrics;
}

export interface RunningMcp {
  readonly faces: McpFaces;
  /** Returns the SDK copies found so far; empty when discovery is off. */
  copies(): readonly FoundSdk[];
  /** Options that were not used as given, one sentence each. */
  readonly notices: readonly string[];
  /** Switches to another tracer or meter from now on, also on open connections. */
  moveTo(target: EmitterTarget): void;
  /** Applies another `McpSetup` to what connects or is handed over from now on; `discover` and `longSessions` do not change. */
  configure(setup: unknown): void;
  stop(): void;
}

/** Faces that instrument nothing, for processes whose telemetry is off. */
export const untouchedFaces: McpFaces = {
  instrumentServer: (server) => server,
  instrumentClient: (client) => client,
  instrumentHandler: (handler) => handler,
  instrumentTransport: (transport) => transport,
};

/** Enumerated values, lists and content options are checked where they are used. */
const KINDS: Kinds<McpSetup> = {
  discover: 'switch',
  mode: 'any',
  methods: 'object',
  remoteParent: 'any',
  baggageKeys: 'any',
  capture: 'object',
  spans: { progress: 'switch' },
  resourceUriInName: 'switch',
  conversation: { from: 'any', metaKey: 'text', hashKey: 'any' },
  network: { transport: 'any', protocolName: 'text', protocolVersion: 'text' },
  longSessions: 'switch',
};

/**
 * Starts the MCP instrumentation of a process and, unless told otherwise, looks for its SDKs. If another one is already running, this
 * one only reports that and passes what it is handed on to the other.
 * @param setup an `McpSetup`, or whatever else a host passed as one: values of the wrong type are reported and left out
 */
export function setUpMcp(setup: unknown, dependencies: McpDependencies): RunningMcp {
  const { name = 'instrument()', tracer, meter, propagation, clock, env, io, onConversationEnd, afterMetrics } = dependencies;
  const notices: string[] = [];
  const notify = (notice: string): void => {
    notices.push(notice);
    io.report(notice);
  };
  const holder = mcpHolder();
  if (holder !== undefined) {
    notify(`mcp: ${holder.name} already instruments the MCP servers and clients of this process, so ${name} leaves them to it.`);
    return standBy(holder, notices);
  }
  const { discover = true, ...options } = readSetup(setup, env, notify);
  const mcp = createMcpInstrumentation({
    tracer,
    meter,
    propagation,
    clock,
    options,
    onUnhooked: notify,
    ...(onConversationEnd === undefined ? {} : { onConversationEnd }),
    ...(afterMetrics === undefined ? {} : { afterMetrics }),
  });
  const discovery = discover && !isOff(options) ? discoverSdks(adopterOf(mcp), io) : undefined;
  const unseen = sayOnce(() => discovery?.unseen(), notify);
  const faces = facesOf(mcp, unseen.stop);
  const release = holdMcp({ name, ...faces });
  return {
    faces,
    get notices() {
      unseen.say();
      return notices;
    },
    copies: () => discovery?.copies() ?? [],
    moveTo: mcp.moveTo,
    configure: (changed) => {
      const { discover: _, ...defaults } = readSetup(changed, env, notify);
      mcp.configure(defaults);
    },
    stop: () => {
      release();
      unseen.stop();
      discovery?.stop();
      mcp.disable();
    },
  };
}

function readSetup(setup: unknown, env: McpDependencies['env'], notify: (notice: string) => void): McpSetup {
  const given = checkOptions<McpSetup>(setup, KINDS, notify, 'mcp', ['enabled']);
  const methods =
    given.methods === undefined ? {} : { methods: Object.fromEntries(readableEntries(given.methods)) as Record<string, McpMode> };
  const read: McpSetup = { ...mcpOptionsFromEnv(env, notify), ...given, ...methods };
  checkWords(read, notify);
  return read;
}

function isOff({ mode, methods }: McpOptions): boolean {
  return mode === 'off' && methods === undefined;
}

/** Stands in for an instrumentation that came second. A holder of another version may lack a function. */
function standBy(holder: McpHolder, notices: readonly string[]): RunningMcp {
  return {
    faces: { ...untouchedFaces, ...holder },
    notices,
    copies: () => [],
    moveTo: () => undefined,
    configure: () => undefined,
    stop: () => undefined,
  };
}

function adopterOf(mcp: McpHooks): SdkAdopter {
  return {
    protocolClass: mcp.adoptProtocolClass,
    clientClass: mcp.adoptClientClass,
    mcpServerClass: mcp.adoptMcpServerClass,
    stdioTransportClass: mcp.adoptStdioTransportClass,
    handlerFactory: mcp.wrapHandlerFactory,
  };
}

/** How long after startup a missing SDK is reported: by then its servers may have been handed over. */
const UNSEEN_AFTER_MS = 1000;

/** Reports a missing SDK shortly after startup, or earlier when asked; once, unless it is stopped. */
function sayOnce(unseen: () => string | undefined, notify: (notice: string) => void): { say(): void; stop(): void } {
  let isDone = unseen() === undefined;
  const say = (): void => {
    const line = isDone ? undefined : unseen();
    isDone = true;
    clearTimeout(timer);
    if (line !== undefined) notify(line);
  };
  const timer = isDone ? undefined : setTimeout(say, UNSEEN_AFTER_MS).unref();
  const stop = (): void => {
    isDone = true;
    clearTimeout(timer);
  };
  return { say, stop };
}

/** `onHandedOver` is called for each server, client, handler or transport the host hands over. The host then knows where its SDK is. */
function facesOf(mcp: McpHooks, onHandedOver: () => void): McpFaces {
  const notifying = <Rest extends unknown[]>(face: (target: never, ...rest: Rest) => unknown): never =>
    ((target: never, ...rest: Rest) => {
      onHandedOver();
      return face(target, ...rest);
    }) as never;
  return {
    instrumentServer: notifying(mcp.instrumentServer),
    instrumentClient: notifying(mcp.instrumentClient),
    instrumentHandler: notifying(mcp.instrumentHandler),
    instrumentTransport: notifying(mcp.instrumentTransport),
  };
}

function checkWords({ mode, methods = {}, remoteParent }: McpOptions, notify: (notice: string) => void): void {
  if (mode !== undefined && !MCP_MODES.includes(mode))
    notify(`mcp.mode: ${shown(mode)} must be one of ${MCP_MODES.join(', ')}. The default, full, is used.`);
  for (const [method, own] of Object.entries(methods)) {
    if (!MCP_MODES.includes(own))
      notify(
        `mcp.methods: the mode ${shown(own)} of ${method.slice(0, 60)} must be one of ${MCP_MODES.join(', ')}. The general mode is used.`,
      );
  }
  if (remoteParent !== undefined && !REMOTE_PARENTS.includes(remoteParent))
    notify(`mcp.remoteParent: ${shown(remoteParent)} must be one of ${REMOTE_PARENTS.join(', ')}. The value ignore is used.`);
}

function shown(word: unknown): string {
  return typeof word === 'string' ? word.slice(0, 40) : `(of type ${typeof word})`;
}
