import { MCP_MODES, REMOTE_PARENTS } from '../../variables/telemetryVariables.js';
import type { CaptureOptions } from './content/options.js';
import { createCapture } from './content/capture.js';
import type { Capture } from './content/capture.js';
import { conversationOf } from './message/conversation.js';
import type { ConversationOptions, FindConversation } from './message/conversation.js';
import type { Network } from './message/network.js';
import type { Trust } from './propagation/parentContext.js';

/**
 * `full`: spans and metrics; trace context is read and passed on. `propagation-only`: trace context only.
 * `off`: as if not instrumented.
 */
export type McpMode = 'full' | 'propagation-only' | 'off';

/** Configures how MCP messages are traced and measured. Every option is optional. */
export interface McpOptions {
  /** Default `full`. */
  readonly mode?: McpMode;
  /** Overrides the mode of single methods, e.g. `{ ping: 'off' }`. Unknown methods are looked up as `_OTHER`. */
  readonly methods?: Readonly<Record<string, McpMode>>;
  /**
   * What a trace context sent by the peer becomes: the span's parent, a link on a span that starts in the ambient
   * context, or nothing. Choose `link` where anyone may connect: a caller then cannot join or steer your traces. Default `parent`.
   */
  readonly remoteParent?: 'parent' | 'link' | 'ignore';
  /** Baggage keys a peer may set. Default: all on pipes and in memory, where the peer is your own process; none on networks. */
  readonly baggageKeys?: readonly string[] | 'all';
  /** Content captured on spans; all off by default. */
  readonly capture?: CaptureOptions;
  /**
   * Spans for chatty notifications. `progress`: `notifications/progress` and `notifications/message`; metrics always include them.
   * Default false.
   */
  readonly spans?: { readonly progress?: boolean };
  /** Puts the resource's URI into the names of resource spans. Default false: span names must keep a low cardinality. */
  readonly resourceUriInName?: boolean;
  readonly conversation?: ConversationOptions;
  /** What the transport runs over, for custom transports that are not recognised. Default: detected per connection. */
  readonly network?: Network;
  /**
   * Adds buckets of 900, 3600, 14400 and 86400 s to the session histograms, whose convention ends at 300.
   * Default false; read once, at startup.
   */
  readonly longSessions?: boolean;
}

/** Options as the hot path reads them: resolved once, at setup. */
export interface McpSettings {
  readonly options: McpOptions;
  modeOf(method: string): McpMode;
  /** Whether nothing at all is instrumented. */
  readonly off: boolean;
  /** Whether sessions are measured: they belong to no method, so only the general mode decides. */
  readonly sessions: boolean;
  /** Trust in peers on the same machine, and in those on a network. */
  readonly trust: { readonly local: Trust; readonly network: Trust };
  readonly capture: Capture | undefined;
  readonly progressSpans: boolean;
  readonly resourceUriInName: boolean;
  readonly findConversation: FindConversation | undefined;
  readonly network: Network | undefined;
}

const CHATTY: ReadonlySet<string> = new Set(['notifications/progress', 'notifications/message']);

/** Whether a notification gets a span only on request. */
export function isChatty(method: string): boolean {
  return CHATTY.has(method);
}

/** Turns options into settings; those in `given` override `base`. Never throws: unusable values fall back to defaults. */
export function resolveMcpOptions(given: McpOptions, base: McpOptions = {}): McpSettings {
  const options: McpOptions = { ...base, ...givenOf(given) };
  const mode = modeOf(options.mode, 'full');
  const methods = new Map(Object.entries(options.methods ?? {}).map(([method, own]) => [method, modeOf(own, mode)]));
  return {
    options,
    modeOf: methods.size === 0 ? () => mode : (method) => methods.get(method) ?? mode,
    off: mode === 'off' && methods.size === 0,
    sessions: mode === 'full',
    trust: { local: trustOf(options, 'all'), network: trustOf(options, undefined) },
    capture: createCapture(options.capture ?? {}),
    progressSpans: options.spans?.progress === true,
    resourceUriInName: options.resourceUriInName === true,
    findConversation: options.conversation === undefined ? undefined : conversationOf(options.conversation),
    network: options.network,
  };
}

/** An option that is `undefined` was not given: it must not undo what the process was started with. */
function givenOf(given: McpOptions): McpOptions {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** JavaScript hosts may pass anything; a misspelt mode must not switch half of the instrumentation off. */
function modeOf(given: unknown, fallback: McpMode): McpMode {
  return MCP_MODES.find((mode) => mode === given) ?? fallback;
}

function trustOf({ remoteParent, baggageKeys }: McpOptions, unsaid: Trust['baggageKeys']): Trust {
  return {
    // An unknown word was probably meant as a restriction.
    remoteParent: remoteParent === undefined ? 'parent' : (REMOTE_PARENTS.find((known) => known === remoteParent) ?? 'ignore'),
    baggageKeys:
      baggageKeys === undefined ? unsaid : baggageKeys === 'all' ? 'all' : new Set(Array.isArray(baggageKeys) ? baggageKeys : []),
  };
}
