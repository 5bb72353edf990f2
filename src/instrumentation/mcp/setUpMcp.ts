import type { Meter, Tracer } from '@opentelemetry/api';
import { checkOptions, readableEntries } from '../settings/checkOptions.js';
import type { Kinds } from '../settings/checkOptions.js';
import type { Clock } from '../../time/clock.js';
import { discoverSdks } from './discovery/discoverSdks.js';
import type { DiscoveryIo, FoundSdk } from './discovery/types.js';
import { createMcpInstrumentation } from './instrumentation.js';
import type { McpInstrumentation } from './instrumentation.js';
import { mcpOptionsFromEnv } from './optionsFromEnv.js';
import { MCP_MODES, REMOTE_PARENTS } from '../../variables/telemetryVariables.js';
import type { McpMode, McpOptions } from './options.js';
import type { Propagation } from './propagation/parentContext.js';

/** How MCP servers and clients of a process are instrumented. What is not given comes from `HANDOFF_MCP_*`. */
export interface McpSetup extends McpOptions {
  /** Instrument every server and client by itself, wherever its SDK is or will be loaded from. Default true. */
  readonly discover?: boolean;
}

/** What hosts are offered of the instrumentation. */
export type McpFaces = Pick<McpInstrumentation, 'instrumentServer' | 'instrumentClient' | 'instrumentHandler' | 'instrumentTransport'>;

export interface McpDependencies {
  readonly tracer: Tracer;
  readonly meter: Meter;
  readonly propagation: Propagation;
  readonly clock: Clock;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly io: DiscoveryIo;
  /** A server's connection over pipes has closed: its client is gone, and the process may be next. Not called for HTTP, where connections come and go. */
  readonly onConversationEnd?: () => void;
}

export interface RunningMcp {
  readonly faces: McpFaces;
  /** The SDK copies found up to now; empty when discovery is off. */
  copies(): readonly FoundSdk[];
  /** Options that were not taken as given, one sentence each. */
  readonly notices: readonly string[];
  stop(): void;
}

/** Faces that instrument nothing, for processes whose telemetry is off. */
export const untouchedFaces: McpFaces = {
  instrumentServer: (server) => server,
  instrumentClient: (client) => client,
  instrumentHandler: (handler) => handler,
  instrumentTransport: (transport) => transport,
};

/** Words, lists and content are looked at where they are used. */
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
 * Starts the MCP instrumentation of a process and, unless told otherwise, looks for its SDKs.
 * @param setup a `McpSetup`, or whatever else a host gave for one: what is of the wrong type is reported and left out
 */
export function setUpMcp(setup: unknown, { tracer, meter, propagation, clock, env, io, onConversationEnd }: McpDependencies): RunningMcp {
  const notices: string[] = [];
  const notify = (notice: string): void => {
    notices.push(notice);
    io.report(notice);
  };
  const given = checkOptions<McpSetup>(setup, KINDS, notify, 'mcp');
  const methods =
    given.methods === undefined ? {} : { methods: Object.fromEntries(readableEntries(given.methods)) as Record<string, McpMode> };
  const { discover = true, ...options }: McpSetup = { ...mcpOptionsFromEnv(env, notify), ...given, ...methods };
  checkWords(options, notify);
  const mcp = createMcpInstrumentation({
    tracer,
    meter,
    propagation,
    clock,
    options,
    onUnhooked: notify,
    ...(onConversationEnd === undefined ? {} : { onConversationEnd }),
  });
  const isOff = options.mode === 'off' && options.methods === undefined;
  const discovery =
    discover && !isOff
      ? discoverSdks(
          {
            protocolClass: mcp.adoptProtocolClass,
            clientClass: mcp.adoptClientClass,
            mcpServerClass: mcp.adoptMcpServerClass,
            stdioTransportClass: mcp.adoptStdioTransportClass,
            handlerFactory: mcp.wrapHandlerFactory,
          },
          io,
        )
      : undefined;
  const unseen = sayOnce(() => discovery?.unseen(), notify);
  return {
    faces: facesOf(mcp, unseen.stop),
    get notices() {
      unseen.say();
      return notices;
    },
    copies: () => discovery?.copies() ?? [],
    stop: () => {
      unseen.stop();
      discovery?.stop();
      mcp.disable();
    },
  };
}

/** How long after the start it is said that an SDK was not found: by then its servers may have been handed over. */
const UNSEEN_AFTER_MS = 1000;

/** Says what is found missing a moment after the start, or when somebody asks before that; once, unless it is stopped. */
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

/** `handed`: called with each server, client, handler or transport that the host hands over. Then it knows where its SDK is. */
function facesOf(mcp: McpInstrumentation, handed: () => void): McpFaces {
  const told = <Rest extends unknown[]>(face: (target: never, ...rest: Rest) => unknown): never =>
    ((target: never, ...rest: Rest) => {
      handed();
      return face(target, ...rest);
    }) as never;
  return {
    instrumentServer: told(mcp.instrumentServer),
    instrumentClient: told(mcp.instrumentClient),
    instrumentHandler: told(mcp.instrumentHandler),
    instrumentTransport: told(mcp.instrumentTransport),
  };
}

function checkWords({ mode, methods = {}, remoteParent }: McpOptions, notify: (notice: string) => void): void {
  if (mode !== undefined && !MCP_MODES.includes(mode))
    notify(`mcp.mode: ${shown(mode)} must be one of ${MCP_MODES.join(', ')}. The default, full, is used.`);
  for (const [method, own] of Object.entries(methods)) {
    if (!MCP_MODES.includes(own))
      notify(
        `mcp.methods: the mode ${shown(own)} of ${method.slice(0, 60)} must be one of ${MCP_MODES.join(', ')}. The general one is used.`,
      );
  }
  if (remoteParent !== undefined && !REMOTE_PARENTS.includes(remoteParent))
    notify(`mcp.remoteParent: ${shown(remoteParent)} must be one of ${REMOTE_PARENTS.join(', ')}. ignore is used.`);
}

function shown(word: unknown): string {
  return typeof word === 'string' ? word.slice(0, 40) : `(of type ${typeof word})`;
}
