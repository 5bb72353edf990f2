import { choice, choices, flag, text, wholeNumber, wordsByName } from './kinds.js';
import { Unset, variable } from './variable.js';

/** `full`: spans and metrics. `propagation-only`: trace context only. `off`: as if not instrumented. */
export const MCP_MODES = ['full', 'propagation-only', 'off'] as const;
export const REMOTE_PARENTS = ['parent', 'link', 'ignore'] as const;

/** What `instrument()` reads, in any program. Options in code take precedence over them. */
export const mcpVariables = {
  HANDOFF_MCP_MODE: variable(
    choice(...MCP_MODES),
    'full',
    '`full`: spans and metrics of every MCP message. `propagation-only`: trace context is read and passed on, but nothing is recorded. `off`: MCP servers and clients are not instrumented.',
  ),
  HANDOFF_MCP_METHODS: variable(
    wordsByName(MCP_MODES),
    new Unset('none'),
    'A different mode for individual methods: `ping=off,tools/list=propagation-only`.',
  ),
  HANDOFF_MCP_DISCOVER: variable(
    flag,
    true,
    'Every MCP server and client in the process is found and instrumented. When false, only those passed to `instrumentServer()`, `instrumentClient()`, `instrumentHandler()` or `instrumentTransport()` are.',
  ),
  HANDOFF_MCP_REMOTE_PARENT: variable(
    choice(...REMOTE_PARENTS),
    'parent',
    'How a trace context sent by the peer is used. Use `link` if clients that you do not trust can connect: they can then neither join your traces nor decide about their sampling.',
  ),
  HANDOFF_MCP_BAGGAGE_KEYS: variable(
    text(4096),
    new Unset('all on pipes and in memory, none on networks'),
    'Baggage keys that a peer may set, separated by commas; `*` stands for all.',
  ),
  HANDOFF_MCP_CAPTURE: variable(
    choices('arguments', 'results', 'prompt-variables', 'sizes', 'error-messages'),
    new Unset('none'),
    'Content that is recorded on spans, redacted and truncated.',
  ),
};

export const MAX_FLUSH_TIMEOUT_MS = 60_000;

export const processVariables = {
  HANDOFF_STDIO: variable(
    flag,
    false,
    'The process speaks JSON-RPC on stdout, so nothing else may be printed there. Set it for `node --import handoff-otel/register`, and wherever `instrument()` is called without `stdio`. `serve --stdio` sets it automatically.',
  ),
  HANDOFF_FLUSH_TIMEOUT_MS: variable(
    wholeNumber(0, MAX_FLUSH_TIMEOUT_MS, 'ms'),
    2000,
    'Longest wait at exit for telemetry to be delivered. Whatever is not delivered by then is lost and counted.',
  ),
  HANDOFF_FLUSH_ON_PROCESS_EXIT: variable(
    flag,
    false,
    '`process.exit()` is delayed, by HANDOFF_FLUSH_TIMEOUT_MS at most, until the last spans and log records are delivered.',
  ),
  HANDOFF_CONSOLE_TO_STDERR: variable(
    flag,
    false,
    '`console.log` and the other console methods write to stderr, and their output also becomes log records.',
  ),
};

export const telemetryVariables = { ...mcpVariables, ...processVariables };
