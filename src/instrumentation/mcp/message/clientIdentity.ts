import type { Attributes } from '@opentelemetry/api';
import { ATTR_HANDOFF_MCP_CLIENT_NAME, ATTR_HANDOFF_MCP_CLIENT_VERSION } from '../../../telemetry/semconv.js';
import { isRecord } from '../../../values/guards.js';
import { stringProperty } from '../shapes.js';
import { clipLine } from './clip.js';

const CLIENT_INFO_META_KEY = 'io.modelcontextprotocol/clientInfo';
const MAX_IDENTITY_LENGTH = 64;

/** Returns who the client says it is, in `initialize` or in the `_meta` of each message (2026-07-28); `undefined` when it does not. */
export function clientIdentityOf(method: string, params: unknown, meta: Record<string, unknown> | undefined): Attributes | undefined {
  const info = meta?.[CLIENT_INFO_META_KEY] ?? (method === 'initialize' && isRecord(params) ? params['clientInfo'] : undefined);
  if (info === undefined) return undefined;
  const name = stringProperty(info, 'name');
  const version = stringProperty(info, 'version');
  return {
    ...(name === undefined ? {} : { [ATTR_HANDOFF_MCP_CLIENT_NAME]: clipLine(name, MAX_IDENTITY_LENGTH) }),
    ...(version === undefined ? {} : { [ATTR_HANDOFF_MCP_CLIENT_VERSION]: clipLine(version, MAX_IDENTITY_LENGTH) }),
  };
}

/** Whether two identities are equal. */
export function sameIdentity(one: Attributes, other: Attributes | undefined): boolean {
  return (
    other !== undefined &&
    one[ATTR_HANDOFF_MCP_CLIENT_NAME] === other[ATTR_HANDOFF_MCP_CLIENT_NAME] &&
    one[ATTR_HANDOFF_MCP_CLIENT_VERSION] === other[ATTR_HANDOFF_MCP_CLIENT_VERSION]
  );
}
