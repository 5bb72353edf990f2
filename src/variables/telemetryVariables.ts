import { choice, choices, flag, text, wholeNumber, wordsByName } from './kinds.js';
import { Unset, variable } from './variable.js';

/** `full`: spans and metrics. `propagation-only`: trace context only. `off`: as if not instrumented. */
export const MCP_MODES = ['full', 'propagation-only', 'off'] as const;
export const REMOTE_PARENTS = ['parent', 'link', 'ignore'] as const;

/** What `instrument()` reads, in any program. Options in code win over them. */
export const mcpVariables = {
  HANDOFF_MCP_MODE: variable(
    choice(...MCP_MODES),
    'full',
    '`full`: spans and metrics of every MCP message. `propagation-only`: trace context is read and passed on, and nothing is recorded. `off`: MCP servers and clients are left alone.',
  ),
  HANDOFF_MCP_METHODS: variable(
    wordsByName(MCP_MODES),
    new Unset('none'),
    'Another mode for single methods: `ping=off,tools/list=propagation-only`.',
  ),
  HANDOFF_MCP_DISCOVER: variable(
    flag,
    true,
    'Every MCP server and client of the process is found and instrumented. When false, only those are that are given to `instrumentServer()`, `instrumentClient()`, `instrumentHandler()` or `instrumentTransport()`.',
  ),
  HANDOFF_MCP_REMOTE_PARENT: variable(
    choice(...REMOTE_PARENTS),
    'parent',
    'What a trace context sent by the peer becomes. Use `link` where strangers connect: they can then neither join nor steer your traces.',
  ),
  HANDOFF_MCP_BAGGAGE_KEYS: variable(
    text(4096),
    new Unset('all on pipes and in memory, none on networks'),
    'Baggage keys that a peer may set, separated by commas; `*` stands for all.',
  ),
  HANDOFF_MCP_CAPTURE: variable(
    choices('arguments', 'results', 'prompt-variables', 'sizes', 'error-messages'),
    new Unset('none'),
    'Content that is put on spans, redacted and shortened.',
  ),
};

export const MAX_FLUSH_TIMEOUT_MS = 60_000;

export const processVariables = {
  HANDOFF_STDIO: variable(
    flag,
    false,
    'The process speaks JSON-RPC on stdout, so nothing else may be printed there. For `node --import handoff-otel/register`, and wherever `instrument()` is not given `stdio`. `serve --stdio` sets it by itself.',
  ),
  HANDOFF_FLUSH_TIMEOUT_MS: variable(
    wholeNumber(0, MAX_FLUSH_TIMEOUT_MS, 'ms'),
    2000,
    'Longest wait for telemetry to leave at exit. What is not delivered by then is lost and counted.',
  ),
  HANDOFF_FLUSH_ON_PROCESS_EXIT: variable(
    flag,
    false,
    '`process.exit()` is held up, for HANDOFF_FLUSH_TIMEOUT_MS at most, until the last spans and log records are delivered.',
  ),
  HANDOFF_CONSOLE_TO_STDERR: variable(
    flag,
    false,
    '`console.log` and the rest of the console write to stderr, and what they write becomes log records too.',
  ),
};

export const telemetryVariables = { ...mcpVariables, ...processVariables };
