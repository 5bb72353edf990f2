import { items } from '../../variables/kinds.js';
import { noticeOf, reader } from '../../variables/reader.js';
import type { Env } from '../../variables/reader.js';
import { mcpVariables } from '../../variables/telemetryVariables.js';
import type { CaptureOptions } from './content/options.js';
import type { McpOptions } from './options.js';

/** `discover` beside the options, for `instrument()`. */
export interface McpEnvironment extends McpOptions {
  readonly discover?: boolean;
}

const CONTENT = {
  arguments: 'arguments',
  results: 'results',
  'prompt-variables': 'promptVariables',
  sizes: 'sizes',
  'error-messages': 'errorMessages',
} as const satisfies Record<string, keyof CaptureOptions>;

/**
 * The options a program is given from outside, for those that call nothing (`node --import handoff-otel/register`); options in
 * code win over them. What cannot be used is reported to `notify` and left out.
 */
export function mcpOptionsFromEnv(env: Env, notify: (notice: string) => void): McpEnvironment {
  const { given } = reader(mcpVariables, env, (problem) => notify(noticeOf(problem)));
  const baggage = given('HANDOFF_MCP_BAGGAGE_KEYS');
  const capture = given('HANDOFF_MCP_CAPTURE');
  const options = {
    mode: given('HANDOFF_MCP_MODE'),
    methods: given('HANDOFF_MCP_METHODS'),
    remoteParent: given('HANDOFF_MCP_REMOTE_PARENT'),
    baggageKeys: baggage === undefined || baggage === '*' ? baggage && 'all' : items(baggage),
    capture: capture && Object.fromEntries(capture.map((word) => [CONTENT[word], true])),
    discover: given('HANDOFF_MCP_DISCOVER'),
  };
  // One that is not set must not be there at all: it would hide what code says.
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
