import { VALUE_OTHER } from '../../../telemetry/semconv.js';

/** Requests of any protocol version, in either direction; tasks are not in the registry of the conventions but in the specification. */
const REQUESTS = [
  'initialize',
  'ping',
  'server/discover',
  'tools/list',
  'tools/call',
  'prompts/list',
  'prompts/get',
  'resources/list',
  'resources/read',
  'resources/templates/list',
  'resources/subscribe',
  'resources/unsubscribe',
  'completion/complete',
  'logging/setLevel',
  'subscriptions/listen',
  'sampling/createMessage',
  'roots/list',
  'elicitation/create',
  'tasks/get',
  'tasks/result',
  'tasks/list',
  'tasks/cancel',
  'tasks/update',
] as const;

const NOTIFICATIONS = [
  'notifications/cancelled',
  'notifications/initialized',
  'notifications/progress',
  'notifications/message',
  'notifications/resources/updated',
  'notifications/resources/list_changed',
  'notifications/tools/list_changed',
  'notifications/prompts/list_changed',
  'notifications/roots/list_changed',
  'notifications/tasks/status',
  'notifications/elicitation/complete',
  'notifications/subscriptions/acknowledged',
] as const;

const METHODS: ReadonlySet<string> = new Set([...REQUESTS, ...NOTIFICATIONS]);

const PROTOCOL_VERSIONS: ReadonlySet<string> = new Set([
  '2024-10-07',
  '2024-11-05',
  '2025-03-26',
  '2025-06-18',
  '2025-11-25',
  '2026-07-28',
]);

/** From this version on there is no protocol session, and the conventions forbid `mcp.session.id`. */
const FIRST_SESSIONLESS_VERSION = '2026-07-28';

/** Returns a method as it may appear in telemetry. Anyone can send any text as a method, so unknown ones become `_OTHER`. */
export function knownMethod(method: string): string {
  return METHODS.has(method) ? method : VALUE_OTHER;
}

/** Returns a protocol version as it may appear in telemetry; clients claim it in a header or in `_meta`. */
export function knownProtocolVersion(version: string): string {
  return PROTOCOL_VERSIONS.has(version) ? version : VALUE_OTHER;
}

/** Whether connections of this version have a session id. Versions are dates, so they compare as text. */
export function hasSessions(version: string | undefined): boolean {
  return version === undefined || version < FIRST_SESSIONLESS_VERSION;
}
