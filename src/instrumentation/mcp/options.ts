import { MCP_MODES, REMOTE_PARENTS } from '../../variables/telemetryVariables.js';
import type { CaptureOptions } from './content/options.js';
import { createCapture } from './content/capture.js';
import type { Capture } from './content/capture.js';
import { conversationOf } from './message/conversation.js';
import type { ConversationOptions, FindConversation } from './message/conversation.js';
import type { Network } from './message/network.js';
import type { Trust } from './propagation/parentContext.js';

/**
 * `full`: spans and metrics, trace context read and passed on. `propagation-only`: trace context only.
 * `off`: as if not instrumented.
 */
export type McpMode = 'full' | 'propagation-only' | 'off';

/** How MCP messages are traced and measured. Everything is optional. */
export interface McpOptions {
  /** Default `full`. */
  readonly mode?: McpMode;
  /** Another mode for single methods, e.g. `{ ping: 'off' }`. Unknown methods are looked up as `_OTHER`. */
  readonly methods?: Readonly<Record<string, McpMode>>;
  /**
   * What a trace context sent by the peer becomes: the span's parent, a link of a span that starts at the ambient
   * context, or nothing. Choose `link` where anyone may connect: a caller then cannot join or steer your traces. Default `parent`.
   */
  readonly remoteParent?: 'parent' | 'link' | 'ignore';
  /** Baggage a peer may set. Default: all on pipes and in memory, where the peer is one's own process; none on networks. */
  readonly baggageKeys?: readonly string[] | 'all';
  /** Content on spans; all off by default. */
  readonly capture?: CaptureOptions;
  /** Spans for the chatty notifications. `progress`: `notifications/progress` and `notifications/message`; metrics have them always. Default false. */
  readonly spans?: { readonly progress?: boolean };
  /** Put the resource's URI into the names of resource spans. Default false: names must stay few. */
  readonly resourceUriInName?: boolean;
  readonly conversation?: ConversationOptions;
  /** What the transport runs over, for custom transports we cannot tell. Default: found out per connection. */
  readonly network?: Network;
  /** Adds buckets of 900, 3600, 14400 and 86400 s to the session histograms, whose convention ends at 300. Default false; read once, at start. */
  readonly longSessions?: boolean;
}

/** Options as the hot path reads them: decided once, at set-up. */
export interface McpSettings {
  readonly options: McpOptions;
  modeOf(method: string): McpMode;
  /** Nothing at all is to be seen. */
  readonly off: boolean;
  /** Whether sessions are measured: they belong to no method, so only the general mode decides. */
  readonly sessions: boolean;
  /** Of peers on the same machine, and of those on a network. */
  readonly trust: { readonly local: Trust; readonly network: Trust };
  readonly capture: Capture | undefined;
  readonly progressSpans: boolean;
  readonly resourceUriInName: boolean;
  readonly findConversation: FindConversation | undefined;
  readonly network: Network | undefined;
}

const CHATTY: ReadonlySet<string> = new Set(['notifications/progress', 'notifications/message']);

/** Whether a notification gets a span only when asked for. */
export function isChatty(method: string): boolean {
  return CHATTY.has(method);
}

/** Turns options into settings; those given here win over `base`. Never throws: values that are none fall back to defaults. */
export function resolveMcpOptions(given: McpOptions, base: McpOptions = {}): McpSettings {
  const options: McpOptions = { ...base, ...given };
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

/** JavaScript hosts may give anything; a misspelt mode must not switch half of it off. */
function modeOf(given: unknown, fallback: McpMode): McpMode {
  return MCP_MODES.find((mode) => mode === given) ?? fallback;
}

function trustOf({ remoteParent, baggageKeys }: McpOptions, unsaid: Trust['baggageKeys']): Trust {
  return {
    // What is no known word is meant to restrict.
    remoteParent: remoteParent === undefined ? 'parent' : (REMOTE_PARENTS.find((known) => known === remoteParent) ?? 'ignore'),
    baggageKeys:
      baggageKeys === undefined ? unsaid : baggageKeys === 'all' ? 'all' : new Set(Array.isArray(baggageKeys) ? baggageKeys : []),
  };
}
