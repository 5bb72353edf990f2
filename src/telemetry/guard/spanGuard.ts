import { SpanStatusCode } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/sdk-trace';
import {
  ATTR_DB_NAMESPACE,
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_QUERY_TEXT,
  ATTR_DB_RESPONSE_STATUS_CODE,
  ATTR_DB_SYSTEM_NAME,
  ATTR_ERROR_TYPE,
  ATTR_SERVER_ADDRESS,
  VALUE_OTHER,
} from '../semconv.js';
import { isBuiltSafe } from './builtSafe.js';
import { safeAddress, safeNamespace } from './databasePlace.js';
import { withoutMessages } from './exceptionEvents.js';
import { redisText, redisVerb } from './redisCommand.js';
import { SqlStatements } from './sqlStatements.js';

/** No class of SQLSTATE starts with E, but errno names of five letters do (`EPIPE`). */
const SQLSTATE = /^(?!E)[0-9A-Z]{5}$/;
/** SQLSTATE or an errno-style name: bounded sets, safe as a label. */
const BOUNDED_CODE = /^(?:[0-9A-Z]{5}|E[A-Z_]{2,30})$/;
/** How instrumentation-pg words the exception event of a failed query; the only place where it records the code. */
const PG_ERROR_CODE = /\(code: ([0-9A-Z_]{5,32})\)$/;

export interface SpanGuardOptions {
  /** Leaves `exception.message` and status texts of spans other than database spans unchanged. */
  readonly captureErrorMessages: boolean;
}

/**
 * Makes a span safe to export, just before it ends (`SpanProcessor.onEnding`).
 *
 * Database spans: statement without literals, name and operation from a fixed set of commands, SQLSTATE instead of the
 * server's message (which quotes values), `error.type`. All spans: exception messages and status texts are removed unless requested.
 * Spans that carry none of this cost two property reads.
 */
export function createSpanGuard({ captureErrorMessages }: SpanGuardOptions): (span: Span) => void {
  const statements = new SqlStatements();

  return (span) => {
    if (isBuiltSafe(span)) return;
    const queryText = span.attributes[ATTR_DB_QUERY_TEXT];
    const isDatabaseSpan = span.attributes[ATTR_DB_SYSTEM_NAME] !== undefined;
    if (typeof queryText === 'string') {
      if (span.attributes[ATTR_DB_SYSTEM_NAME] === 'redis') guardRedis(span, queryText);
      else guardSql(span, queryText, statements);
    } else if (isDatabaseSpan && span.name.startsWith('pg.query')) {
      span.updateName('OTHER');
    }
    if (isDatabaseSpan) guardPlace(span);
    if (span.status.code !== SpanStatusCode.ERROR && span.events.length === 0) return;
    if (isDatabaseSpan) guardDatabaseError(span);
    if (isDatabaseSpan || !captureErrorMessages) withoutMessages(span);
  };
}

function guardSql(span: Span, queryText: string, statements: SqlStatements): void {
  const { text, verb } = statements.safe(queryText);
  const namespace = safeNamespace(span.attributes[ATTR_DB_NAMESPACE]);
  span.setAttribute(ATTR_DB_QUERY_TEXT, text);
  span.setAttribute(ATTR_DB_OPERATION_NAME, verb);
  span.updateName(namespace === undefined ? verb : `${verb} ${namespace}`);
  // The name that a host gave a prepared statement may be any text.
  if (span.attributes['db.postgresql.plan'] !== undefined) span.setAttribute('db.postgresql.plan', '?');
}

/** A whole connection string may stand where a name or a host belongs. */
function guardPlace(span: Span): void {
  const namespace = span.attributes[ATTR_DB_NAMESPACE];
  const safeName = safeNamespace(namespace);
  if (safeName !== undefined && safeName !== namespace) span.setAttribute(ATTR_DB_NAMESPACE, safeName);
  const address = span.attributes[ATTR_SERVER_ADDRESS];
  const safeHost = safeAddress(address);
  if (safeHost !== undefined && safeHost !== address) span.setAttribute(ATTR_SERVER_ADDRESS, safeHost);
}

function guardRedis(span: Span, queryText: string): void {
  const blank = queryText.indexOf(' ');
  const verb = redisVerb(blank === -1 ? queryText : queryText.slice(0, blank));
  span.setAttribute(ATTR_DB_QUERY_TEXT, redisText(verb, blank === -1 ? 0 : 1));
  span.setAttribute(ATTR_DB_OPERATION_NAME, verb);
  span.updateName(verb);
}

function guardDatabaseError(span: Span): void {
  if (span.status.code !== SpanStatusCode.ERROR) return;
  const known = span.attributes[ATTR_ERROR_TYPE];
  const code = typeof known === 'string' ? known : codeFromEvent(span);
  if (typeof known !== 'string') span.setAttribute(ATTR_ERROR_TYPE, code ?? VALUE_OTHER);
  if (code === undefined || !SQLSTATE.test(code)) return;
  span.setAttribute(ATTR_DB_RESPONSE_STATUS_CODE, code);
}

function codeFromEvent(span: Span): string | undefined {
  for (const event of span.events) {
    const message = event.attributes?.['exception.message'];
    const code = typeof message === 'string' ? PG_ERROR_CODE.exec(message)?.[1] : undefined;
    if (code !== undefined && BOUNDED_CODE.test(code)) return code;
  }
  return undefined;
}
