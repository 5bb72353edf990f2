import type { CaptureOptions } from './content/options.js';
import { MCP_MODES, REMOTE_PARENTS } from './options.js';
import type { McpMode, McpOptions } from './options.js';

/** Environment variables, handed in so that tests need not change the process. */
type Env = Readonly<Record<string, string | undefined>>;

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
} as const;

/**
 * The options a program is given from outside, for those that call nothing (`node --import handoff-otel/register`); options in
 * code win over them. What cannot be used is told to `notify` and left out.
 */
export function mcpOptionsFromEnv(env: Env, notify: (notice: string) => void): McpEnvironment {
  const mode = oneOf(env, 'HANDOFF_MCP_MODE', MCP_MODES, notify);
  const remoteParent = oneOf(env, 'HANDOFF_MCP_REMOTE_PARENT', REMOTE_PARENTS, notify);
  const discover = oneOf(env, 'HANDOFF_MCP_DISCOVER', ['true', 'false', '1', '0'], notify);
  const methods = methodModes(env, notify);
  const capture = captured(env, notify);
  const baggage = textOf(env, 'HANDOFF_MCP_BAGGAGE_KEYS');
  return {
    ...(mode === undefined ? {} : { mode }),
    ...(methods === undefined ? {} : { methods }),
    ...(remoteParent === undefined ? {} : { remoteParent }),
    ...(baggage === undefined ? {} : { baggageKeys: baggage === '*' ? 'all' : listOf(baggage) }),
    ...(capture === undefined ? {} : { capture }),
    ...(discover === undefined ? {} : { discover: discover === 'true' || discover === '1' }),
  };
}

function methodModes(env: Env, notify: (notice: string) => void): Record<string, McpMode> | undefined {
  const text = textOf(env, 'HANDOFF_MCP_METHODS');
  if (text === undefined) return undefined;
  const methods: Record<string, McpMode> = {};
  for (const item of listOf(text)) {
    const [method = '', given = ''] = item.split('=', 2).map((part) => part.trim());
    const mode = MCP_MODES.find((known) => known === given);
    if (method === '' || mode === undefined)
      notify(`HANDOFF_MCP_METHODS: ${item.slice(0, 60)} is not method=mode with a mode of ${MCP_MODES.join(', ')}; it is left out.`);
    else methods[method] = mode;
  }
  return methods;
}

function captured(env: Env, notify: (notice: string) => void): CaptureOptions | undefined {
  const text = textOf(env, 'HANDOFF_MCP_CAPTURE');
  if (text === undefined) return undefined;
  const options: Record<string, boolean> = {};
  for (const item of listOf(text)) {
    if (Object.hasOwn(CONTENT, item)) options[CONTENT[item as keyof typeof CONTENT]] = true;
    else notify(`HANDOFF_MCP_CAPTURE: ${item.slice(0, 40)} is none of ${Object.keys(CONTENT).join(', ')}; it is left out.`);
  }
  return options;
}

function oneOf<Value extends string>(
  env: Env,
  key: string,
  allowed: readonly Value[],
  notify: (notice: string) => void,
): Value | undefined {
  const text = textOf(env, key);
  if (text === undefined) return undefined;
  const value = allowed.find((known) => known === text.toLowerCase());
  if (value === undefined) notify(`${key}=${text.slice(0, 40)} is none of ${allowed.join(', ')}; the default is used.`);
  return value;
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** OpenTelemetry's rule: an empty or blank variable counts as unset. */
function textOf(env: Env, key: string): string | undefined {
  const text = env[key]?.trim();
  return text === undefined || text === '' ? undefined : text;
}
