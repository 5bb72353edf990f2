import { z } from 'zod';
import { choice, flag, hostList, integer, optionalInteger, optionalText, postgresUrl, text, token, url } from './setting.js';

const storage = 'Storage';
const cache = 'Cache';
const http = 'Streamable HTTP';
const admin = 'Admin HTTP';
const limits = 'Limits';
const mcp = 'MCP telemetry';
const process = 'Process';

/**
 * Every setting of the handoff server: name, unit, range, default and documentation in one place.
 * `docs/configuration.md` is generated from it. `OTEL_*` variables are OpenTelemetry's and not listed here.
 */
export const environmentSchema = z.object({
  DATABASE_URL: postgresUrl({
    group: storage,
    absent: 'none: the embedded database under HANDOFF_DATA_DIR',
    secret: true,
    doc: 'PostgreSQL 15 or newer. Without it every server of this user shares one embedded database: right for one machine, not for replicas.',
  }),
  HANDOFF_DATA_DIR: optionalText({
    group: storage,
    maxLength: 1024,
    absent: '`$XDG_DATA_HOME/handoff-otel`, else `~/.local/share/handoff-otel`',
    doc: 'Folder of the embedded database. Made with mode 0700. Not used with DATABASE_URL.',
  }),
  HANDOFF_PG_POOL_SIZE: integer({
    group: storage,
    unit: 'connections',
    min: 1,
    max: 200,
    default: 10,
    doc: "Upper bound of this process. All processes together must stay below the server's max_connections.",
  }),
  HANDOFF_PG_CONNECT_TIMEOUT_MS: integer({
    group: storage,
    unit: 'ms',
    min: 100,
    max: 60_000,
    default: 5000,
    doc: 'How long a call waits for a connection, retries included, before it fails.',
  }),
  HANDOFF_PG_STATEMENT_TIMEOUT_MS: integer({
    group: storage,
    unit: 'ms',
    min: 100,
    max: 600_000,
    default: 10_000,
    doc: 'The server cancels a statement that runs longer.',
  }),
  HANDOFF_PG_PREPARED_STATEMENTS: flag({
    group: storage,
    default: true,
    doc: 'Named prepared statements: faster. Turn off behind a pooler that hands each statement to another connection and cannot track them. Never used on the embedded database.',
  }),
  HANDOFF_MIGRATE_ON_START: flag({
    group: storage,
    default: true,
    doc: 'Apply pending migrations when the server starts. When false, a database that lacks some makes the start fail; run `handoff-otel migrate` first.',
  }),

  REDIS_URL: url({
    group: cache,
    protocols: ['redis:', 'rediss:'],
    absent: 'none: an in-process cache',
    secret: true,
    doc: 'Redis is only a cache: losing it loses nothing and fails no call.',
  }),
  HANDOFF_REDIS_COMMAND_TIMEOUT_MS: integer({
    group: cache,
    unit: 'ms',
    min: 10,
    max: 10_000,
    default: 300,
    doc: 'A slower answer counts as a miss.',
  }),
  HANDOFF_CACHE_MAX_ENTRIES: integer({
    group: cache,
    unit: 'entries',
    min: 1,
    max: 1_000_000,
    default: 10_000,
    doc: 'In-process cache: oldest entries go first.',
  }),
  HANDOFF_CACHE_MAX_BYTES: integer({
    group: cache,
    unit: 'bytes',
    min: 1024,
    max: 4_294_967_296,
    default: 67_108_864,
    doc: 'In-process cache: upper bound of all values together.',
  }),

  HANDOFF_HTTP_HOST: text({
    group: http,
    maxLength: 253,
    default: '127.0.0.1',
    doc: 'Address to listen on. Anything but loopback needs HANDOFF_HTTP_BEARER_TOKEN or a proxy that authenticates.',
  }),
  HANDOFF_HTTP_PORT: integer({
    group: http,
    unit: 'port',
    min: 0,
    max: 65_535,
    default: 3000,
    doc: '0 takes a free port; the address is logged.',
  }),
  HANDOFF_HTTP_ALLOWED_HOSTS: hostList({
    group: http,
    absent: '`localhost`, `127.0.0.1`, `[::1]`',
    doc: 'Values accepted in the Host header (guards against DNS rebinding).',
  }),
  HANDOFF_HTTP_ALLOWED_ORIGINS: hostList({
    group: http,
    absent: '`localhost`, `127.0.0.1`, `[::1]`',
    doc: 'Hosts whose pages may use the server from a browser, at any scheme and port; others are refused. Requests without Origin (not from a browser) pass.',
  }),
  HANDOFF_HTTP_MAX_BODY_BYTES: integer({
    group: http,
    unit: 'bytes',
    min: 1024,
    max: 67_108_864,
    default: 4_194_304,
    doc: 'A larger request is answered 413 before it is read.',
  }),
  HANDOFF_HTTP_BEARER_TOKEN: token({
    group: http,
    minLength: 16,
    maxLength: 4096,
    absent: 'none: no token asked for',
    doc: 'When set, every MCP request needs `Authorization: Bearer` with it.',
  }),
  HANDOFF_HTTP_MAX_CONNECTIONS: integer({
    group: http,
    unit: 'connections',
    min: 1,
    max: 65_535,
    default: 1000,
    doc: 'One more is closed as soon as it is there.',
  }),
  HANDOFF_HTTP_MAX_OPEN_ANSWERS: integer({
    group: http,
    unit: 'requests',
    min: 1,
    max: 65_535,
    default: 500,
    doc: 'Requests not yet answered in full. One more is answered 503 with `Retry-After`. Subscriptions may be half of them.',
  }),
  HANDOFF_HTTP_MAX_HELD_BYTES: integer({
    group: http,
    unit: 'bytes',
    min: 1_048_576,
    max: 68_719_476_736,
    default: 134_217_728,
    doc: 'Request bodies being read and answers not yet read by their clients, all together. When they come to more, the client with the largest is cut off.',
  }),
  HANDOFF_HTTP_UNREAD_TIMEOUT_MS: integer({
    group: http,
    unit: 'ms',
    min: 100,
    max: 3_600_000,
    default: 30_000,
    doc: 'A client that has not read its answer, or what was written of it, after this time is cut off.',
  }),

  HANDOFF_ADMIN_HOST: text({ group: admin, maxLength: 253, default: '127.0.0.1', doc: 'Address of `/metrics`, `/livez` and `/readyz`.' }),
  HANDOFF_ADMIN_PORT: optionalInteger({
    group: admin,
    unit: 'port',
    min: 0,
    max: 65_535,
    absent: '9464 with Streamable HTTP; off on stdio',
    doc: 'A taken port is reported and the server goes on without the endpoint; 0 takes a free one.',
  }),

  HANDOFF_MAX_CONTENT_BYTES: integer({
    group: limits,
    unit: 'bytes',
    min: 1024,
    max: 33_554_432,
    default: 1_048_576,
    doc: 'Largest content of one context entry, in UTF-8.',
  }),
  HANDOFF_MAX_METADATA_BYTES: integer({
    group: limits,
    unit: 'bytes',
    min: 256,
    max: 8_388_608,
    default: 65_536,
    doc: 'Largest metadata or requestData of one call, as JSON.',
  }),
  HANDOFF_MAX_ANSWER_BYTES: integer({
    group: limits,
    unit: 'bytes',
    min: 524_288,
    max: 67_108_864,
    default: 4_194_304,
    doc: 'Largest message of an answer. Pages end before it and larger entries are cut, to be read in ranges. Clients of the TypeScript SDK end a stdio connection over a message above 10 MiB.',
  }),
  HANDOFF_SESSION_TTL_HOURS: integer({
    group: limits,
    unit: 'hours',
    min: 1,
    max: 87_600,
    default: 24,
    doc: 'How long after registration a session expires.',
  }),

  HANDOFF_MCP_MODE: choice({
    group: mcp,
    values: ['full', 'propagation-only', 'off'],
    default: 'full',
    doc: '`full`: spans and metrics of every MCP message. `propagation-only`: trace context is read and passed on, nothing is made. `off`: MCP servers and clients are left alone.',
  }),
  HANDOFF_MCP_METHODS: optionalText({
    group: mcp,
    maxLength: 4096,
    absent: 'none',
    doc: 'Another mode for single methods: `ping=off,tools/list=propagation-only`.',
  }),
  HANDOFF_MCP_DISCOVER: flag({
    group: mcp,
    default: true,
    doc: 'Instrument every MCP server and client of the process by itself. When false, only those given to `instrumentServer()` and its sisters.',
  }),
  HANDOFF_MCP_REMOTE_PARENT: choice({
    group: mcp,
    values: ['parent', 'link', 'ignore'],
    default: 'parent',
    doc: 'What a trace context sent by the peer becomes. Use `link` where strangers connect: they can then neither join nor steer your traces.',
  }),
  HANDOFF_MCP_BAGGAGE_KEYS: optionalText({
    group: mcp,
    maxLength: 4096,
    absent: 'all on pipes and in memory, none on networks',
    doc: 'Baggage keys a peer may set, comma-separated; `*` for all.',
  }),
  HANDOFF_MCP_CAPTURE: optionalText({
    group: mcp,
    maxLength: 256,
    absent: 'none',
    doc: 'Content on spans, redacted and capped: any of `arguments`, `results`, `prompt-variables`, `sizes`, `error-messages`, comma-separated.',
  }),

  HANDOFF_LOG_LEVEL: choice({
    group: process,
    values: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    default: 'info',
    doc: 'Least severe record written. Logs go to stderr as JSON lines, never to stdout.',
  }),
  HANDOFF_STDIO: flag({
    group: process,
    default: false,
    doc: 'For `node --import handoff-otel/register`, and wherever `instrument()` is not told: the process speaks JSON-RPC on stdout, so nothing may be printed there. `serve --stdio` knows it by itself.',
  }),
  HANDOFF_FLUSH_TIMEOUT_MS: integer({
    group: process,
    unit: 'ms',
    min: 0,
    max: 60_000,
    default: 2000,
    doc: 'Longest wait for telemetry to leave at exit. What is not delivered by then is lost and counted.',
  }),
  HANDOFF_FLUSH_ON_PROCESS_EXIT: flag({
    group: process,
    default: false,
    doc: 'Hold up `process.exit()`, for HANDOFF_FLUSH_TIMEOUT_MS at most, until the last spans and log records are delivered.',
  }),
  HANDOFF_CONSOLE_TO_STDERR: flag({
    group: process,
    default: false,
    doc: 'Make `console.log` and the rest of the console write to stderr, and log records of what they write.',
  }),
  HANDOFF_SHUTDOWN_TIMEOUT_MS: integer({
    group: process,
    unit: 'ms',
    min: 0,
    max: 600_000,
    default: 5000,
    doc: 'Longest wait for running calls to finish after SIGTERM.',
  }),
});

export type Environment = z.output<typeof environmentSchema>;
