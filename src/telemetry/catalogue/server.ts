import { ATTR_ERROR_TYPE, ATTR_HANDOFF_HTTP_REFUSAL_REASON, ATTR_HTTP_RESPONSE_STATUS_CODE } from '../semconv.js';
import type { LogEventDefinition, MetricDefinition, OperationDefinition } from './definitions.js';

/** Why Streamable HTTP refuses a request or cuts off a connection. The meaning of a word never changes. */
export const refusalReasons = [
  'path',
  'method',
  'host',
  'origin',
  'token',
  'body_size',
  'body_keys',
  'body_json',
  'body_field',
  'protocol',
  'busy',
  'connections',
  'memory',
  'unread',
  'failed',
] as const;

export const serverOperations = {
  doctorProbe: {
    name: 'handoff.doctor.probe',
    description: '`handoff-otel doctor` sends this operation to check whether telemetry arrives.',
  },
} as const satisfies Record<string, OperationDefinition>;

export const serverMetrics = {
  logDropped: {
    name: 'handoff.log.dropped',
    kind: 'counter',
    unit: '{record}',
    description:
      'Lines that could not be written to the log file or to stderr, and are missing there. The records were still sent over OTLP.',
    attributes: [
      { key: ATTR_ERROR_TYPE, values: 'The system code of the failure (such as `ENOSPC` or `EPIPE`), `buffer_full` or `timeout`.' },
    ],
    source: 'handoff-otel',
  },
  httpRefusals: {
    name: 'handoff.http.refusals',
    kind: 'counter',
    unit: '{refusal}',
    description:
      'Requests and connections that Streamable HTTP refused or cut off, by reason; without a status code where no answer could be sent.',
    attributes: [
      {
        key: ATTR_HANDOFF_HTTP_REFUSAL_REASON,
        values: refusalReasons,
      },
      { key: ATTR_HTTP_RESPONSE_STATUS_CODE, values: 'The status codes that the server and the SDK answer with.' },
    ],
    source: 'handoff-otel',
  },
} as const satisfies Record<string, MetricDefinition>;

export const serverEvents = {
  logRecovered: {
    name: 'handoff.log.recovered',
    level: 'warn',
    description: 'The log file can be written again; `droppedRecords` were lost meanwhile.',
  },
  inputRefused: {
    name: 'handoff.tool.input_refused',
    level: 'info',
    description: 'The arguments of a tool call are invalid, so nothing was done; `argumentNames` lists the arguments that are wrong.',
  },
  httpListening: { name: 'handoff.http.listening', level: 'info', description: 'The server accepts MCP requests; the record has the URL.' },
  httpOpen: {
    name: 'handoff.http.open',
    level: 'warn',
    description: 'The server listens on an address that others can reach, and requires no bearer token.',
  },
  httpRefused: {
    name: 'handoff.http.refused',
    level: 'warn',
    description: 'A request was refused or a connection was cut off. At most one record per minute for each reason.',
  },
  httpRequestFailed: { name: 'handoff.http.request_failed', level: 'warn', description: 'A request failed inside the server.' },
  protocolError: {
    name: 'handoff.mcp.protocol_error',
    level: 'warn',
    description: 'The SDK could not handle a message. At most one record per minute for each kind.',
  },
  adminUnavailable: {
    name: 'handoff.admin.unavailable',
    level: 'warn',
    description: 'The admin port is taken, so there is no `/metrics`, `/livez`, `/readyz` or `/health`.',
  },
  adminInThread: {
    name: 'handoff.admin.in_thread',
    level: 'warn',
    description:
      'The admin port is served by the main thread, because its own thread could not start or has ended. It therefore does not answer while the main thread is blocked.',
  },
  configUnknownKeys: {
    name: 'handoff.config.unknown_keys',
    level: 'warn',
    description: 'Variables that start with `HANDOFF_` are not recognised settings.',
  },
  configOverruled: {
    name: 'handoff.config.overruled',
    level: 'warn',
    description: 'Two settings contradict each other; the message says which one applies.',
  },
  shutdownCut: {
    name: 'handoff.shutdown.cut',
    level: 'warn',
    description: 'A part of the server did not close in time or failed to close.',
  },
} as const satisfies Record<string, LogEventDefinition>;
