import { SpanKind } from '@opentelemetry/api';
import type { Attributes } from '@opentelemetry/api';
import {
  ATTR_GEN_AI_OPERATION_NAME,
  ATTR_GEN_AI_PROMPT_NAME,
  ATTR_GEN_AI_TOOL_NAME,
  ATTR_MCP_METHOD_NAME,
  ATTR_MCP_PROTOCOL_VERSION,
  ATTR_NETWORK_PROTOCOL_NAME,
  ATTR_NETWORK_PROTOCOL_VERSION,
  ATTR_NETWORK_TRANSPORT,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  VALUE_OTHER,
} from '../../../telemetry/semconv.js';
import type { McpMode, McpSettings } from '../options.js';
import type { Direction } from '../message/direction.js';
import { clip } from '../message/clip.js';
import { knownMethod } from '../message/knownValues.js';
import type { Network, ServerAddress } from '../message/network.js';
import type { TargetKind, TargetNames } from '../message/targetNames.js';

/** The maximum length of a name on a span, for names that a caller made up. */
const MAX_NAME_LENGTH = 128;
/** Profiles kept per connection kind; a server has fewer tools, and above this number they are only created again. */
const MAX_PROFILES = 2000;

/** Counts the open requests of one kind. */
export interface Cell {
  open: number;
}

/** The counts of open requests. */
export interface Cells {
  /** Returns the cell of a bounded method name, always the same one. */
  cell(direction: Direction, method: string, transport: string | undefined): Cell;
}

/** Everything telemetry records about all messages of one method, target and connection kind. Shared and never modified. */
export interface Profile {
  /** The method as it may appear in telemetry. */
  readonly method: string;
  readonly mode: McpMode;
  readonly spanName: string;
  readonly spanKind: SpanKind;
  readonly spanAttributes: Attributes;
  /** The metric attributes of a successful operation; frozen in a profile that is kept, so that their series is looked up once. */
  readonly metricAttributes: Attributes;
  readonly active: Cell;
  /** False for made-up names: the next message has another one. */
  readonly isKept: boolean;
  /** The tool's or prompt's name, unless it is too long to be one: content is only shown for names that can be allowed and denied. */
  readonly target: string | undefined;
}

/** What the profiles of one set have in common. */
export interface ConnectionKind {
  readonly direction: Direction;
  readonly network: Network;
  readonly protocolVersion: string | undefined;
  readonly server: ServerAddress | undefined;
}

const NAMED_TARGETS: Readonly<Record<string, { readonly kind: TargetKind; readonly attribute: string }>> = {
  'tools/call': { kind: 'tool', attribute: ATTR_GEN_AI_TOOL_NAME },
  'prompts/get': { kind: 'prompt', attribute: ATTR_GEN_AI_PROMPT_NAME },
};

/** Returns the kind of target a method names in `params.name`. */
export function targetKindOf(method: string): TargetKind | undefined {
  return NAMED_TARGETS[method]?.kind;
}

/** The lazily created profiles of one connection kind. Names and attributes follow the conventions' span, attribute and metric tables. */
export class ProfileSet {
  readonly #kind: ConnectionKind;
  readonly #settings: McpSettings;
  readonly #active: Cells;
  readonly #plain = new Map<string, Profile>();
  readonly #named: Record<TargetKind, Map<string, Profile>> = { tool: new Map(), prompt: new Map() };

  constructor(kind: ConnectionKind, settings: McpSettings, active: Cells) {
    this.#kind = kind;
    this.#settings = settings;
    this.#active = active;
  }

  /** Returns the profile of a method whose messages have no target, or no bounded one. */
  plain(method: string): Profile {
    const known = knownMethod(method);
    const found = this.#plain.get(known);
    if (found !== undefined) return found;
    const profile = this.#make(known, undefined, false);
    this.#plain.set(known, profile);
    return profile;
  }

  /** Returns the profile for calls of one tool or prompt. A made-up name gets its own profile, which is not kept. */
  named(method: string, target: TargetKind, name: string, names: TargetNames): Profile {
    if (!names.has(target, name)) return this.#make(method, name, false);
    const kept = this.#named[target];
    const found = kept.get(name);
    if (found !== undefined) return found;
    if (kept.size >= MAX_PROFILES) kept.clear();
    const profile = this.#make(method, name, true);
    kept.set(name, profile);
    return profile;
  }

  #make(method: string, name: string | undefined, registered: boolean): Profile {
    const { direction, network, protocolVersion, server } = this.#kind;
    const shared: Attributes = { [ATTR_MCP_METHOD_NAME]: method };
    if (network.transport !== undefined) shared[ATTR_NETWORK_TRANSPORT] = network.transport;
    if (network.protocolName !== undefined) shared[ATTR_NETWORK_PROTOCOL_NAME] = network.protocolName;
    if (network.protocolVersion !== undefined) shared[ATTR_NETWORK_PROTOCOL_VERSION] = network.protocolVersion;
    if (protocolVersion !== undefined) shared[ATTR_MCP_PROTOCOL_VERSION] = protocolVersion;
    if (server !== undefined) {
      shared[ATTR_SERVER_ADDRESS] = server.address;
      shared[ATTR_SERVER_PORT] = server.port;
    }
    if (method === 'tools/call') shared[ATTR_GEN_AI_OPERATION_NAME] = 'execute_tool';
    const attribute = NAMED_TARGETS[method]?.attribute;
    const named = attribute !== undefined && name !== undefined;
    // The receiver of a call does not choose its name, and could be sent a new one each time; the sender does.
    const mayBeInName = registered || direction === 'sent';
    const isKept = registered || !named;
    const labels: Attributes = named ? { ...shared, [attribute]: registered ? name : VALUE_OTHER } : { ...shared };
    const shown = name === undefined ? undefined : clip(name, MAX_NAME_LENGTH);
    return {
      method,
      mode: this.#settings.modeOf(method),
      spanName: named && mayBeInName ? `${method} ${shown}` : method,
      spanKind: direction === 'received' ? SpanKind.SERVER : SpanKind.CLIENT,
      spanAttributes: named ? { ...shared, [attribute]: shown } : shared,
      metricAttributes: isKept ? Object.freeze(labels) : labels,
      active: this.#active.cell(direction, method, network.transport),
      isKept,
      target: named && name.length <= MAX_NAME_LENGTH ? name : undefined,
    };
  }
}

/** The profile sets of connections with the same settings. Known versions and networks bound their number; addresses come from hosts. */
export class ProfileBook {
  readonly #settings: McpSettings;
  readonly #active: Cells;
  /** Keyed by direction, network and version: networks are a handful of shared objects, and a text key would cost more than all else. */
  readonly #served: Record<Direction, Map<Network, Map<string | undefined, ProfileSet>>> = { received: new Map(), sent: new Map() };
  /** The sets of clients, also keyed by address. */
  readonly #addressed = new Map<string, ProfileSet>();

  constructor(settings: McpSettings, active: Cells) {
    this.#settings = settings;
    this.#active = active;
  }

  set(kind: ConnectionKind): ProfileSet {
    const { direction, network, protocolVersion, server } = kind;
    if (server !== undefined) return this.#atAddress(kind, server);
    const networks = this.#served[direction];
    let versions = networks.get(network);
    if (versions === undefined) {
      // Networks from options are separate objects, as many as there are servers with options.
      if (networks.size >= MAX_PROFILES) networks.clear();
      versions = new Map();
      networks.set(network, versions);
    }
    let set = versions.get(protocolVersion);
    if (set === undefined) {
      set = new ProfileSet(kind, this.#settings, this.#active);
      versions.set(protocolVersion, set);
    }
    return set;
  }

  #atAddress(kind: ConnectionKind, { address, port }: ServerAddress): ProfileSet {
    const { network, protocolVersion } = kind;
    const key = `${address} ${port} ${network.transport ?? ''} ${network.protocolName ?? ''} ${network.protocolVersion ?? ''} ${protocolVersion ?? ''}`;
    const found = this.#addressed.get(key);
    if (found !== undefined) return found;
    if (this.#addressed.size >= MAX_PROFILES) this.#addressed.clear();
    const made = new ProfileSet(kind, this.#settings, this.#active);
    this.#addressed.set(key, made);
    return made;
  }
}
