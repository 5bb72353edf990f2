import type { Attributes } from '@opentelemetry/api';
import { ATTR_HANDOFF_MCP_CLIENT_NAME, ATTR_HANDOFF_MCP_CLIENT_VERSION } from '../../../telemetry/semconv.js';
import { isRecord } from '../../../values/guards.js';
import { stringProperty } from '../shapes.js';
import { clip, clipLine } from './clip.js';

const CLIENT_INFO_META_KEY = 'io.modelcontextprotocol/clientInfo';
const MAX_IDENTITY_LENGTH = 64;

/** Who clients say they are. Most messages come from the client of the one before, and then get the same attributes. */
export class ClientIdentities {
  #last: Identity | undefined;

  /** Returns who the client says it is, in `initialize` or in the `_meta` of each message (2026-07-28); `undefined` when it does not. */
  find(method: string, params: unknown, meta: Record<string, unknown> | undefined): Attributes | undefined {
    const info = meta?.[CLIENT_INFO_META_KEY] ?? (method === 'initialize' && isRecord(params) ? params['clientInfo'] : undefined);
    if (info === undefined) return undefined;
    const name = clipped(stringProperty(info, 'name'));
    const version = clipped(stringProperty(info, 'version'));
    let last = this.#last;
    if (last === undefined || last.name !== name || last.version !== version) {
      last = { name, version, attributes: attributesOf(name, version) };
      this.#last = last;
    }
    return last.attributes;
  }
}

interface Identity {
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly attributes: Attributes;
}

function attributesOf(name: string | undefined, version: string | undefined): Attributes {
  return {
    ...(name === undefined ? {} : { [ATTR_HANDOFF_MCP_CLIENT_NAME]: clipLine(name, MAX_IDENTITY_LENGTH) }),
    ...(version === undefined ? {} : { [ATTR_HANDOFF_MCP_CLIENT_VERSION]: clipLine(version, MAX_IDENTITY_LENGTH) }),
  };
}

/** A short copy, so that what is kept for comparison does not keep a long text. */
function clipped(text: string | undefined): string | undefined {
  return text === undefined ? undefined : clip(text, MAX_IDENTITY_LENGTH);
}
