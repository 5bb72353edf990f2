import { items } from '../../variables/kinds.js';
import { noticeOf, reader } from '../../variables/reader.js';
import type { Env } from '../../variables/reader.js';
import { mcpVariables } from '../../variables/telemetryVariables.js';
import type { CaptureOptions } from './content/options.js';
import type { McpOptions } from './options.js';

/** The options plus `discover`, for `instrument()`. */
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
 * Reads the options given by environment variables, for programs that call nothing (`node --import handoff-otel/register`); options
 * in code override them. Unusable values are reported to `notify` and left out.
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
  // An unset option must be absent: `undefined` would hide the one given in code.
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
