import type { RecordedSpan } from '../telemetry/recorded.js';
import { metaOf } from '../wire/message.js';
import { expectsSpan } from './chatty.js';
import { methodName } from './conditions.js';
import type { Operation } from './operation.js';

export interface Matches {
  readonly spans: ReadonlyMap<Operation, RecordedSpan>;
  /** Spans of nothing that travelled. */
  readonly surplus: readonly RecordedSpan[];
}

type Test = (operation: Operation, span: RecordedSpan) => boolean;

/** The id of the sender's span, as it really travelled in `_meta.traceparent`. */
export function sentSpanId(operation: Operation): string | undefined {
  const traceparent = metaOf(operation.exchange)['traceparent'];
  return typeof traceparent === 'string' ? traceparent.split('-')[2] : undefined;
}

const requestId = (operation: Operation): string | undefined =>
  operation.exchange.id === undefined ? undefined : String(operation.exchange.id);

/** From the surest sign to the weakest, so that a span that lost one of its attributes is still compared with its own operation. */
const TESTS: readonly Test[] = [
  (operation, span) => {
    const sent = sentSpanId(operation);
    return sent !== undefined && (operation.role === 'mcp.client' ? span.spanId : span.parentId) === sent;
  },
  (operation, span) =>
    span.attributes['mcp.method.name'] === methodName(operation) && span.attributes['jsonrpc.request.id'] === requestId(operation),
  (operation, span) => span.attributes['mcp.method.name'] === methodName(operation),
  (operation, span) => span.name.startsWith(methodName(operation)),
];

/** Finds the span of every operation of one side. */
export function match(operations: readonly Operation[], spans: readonly RecordedSpan[]): Matches {
  const open = operations.filter(({ exchange, recording }) => expectsSpan(exchange, recording.optedIn));
  const left = new Set(spans);
  const found = new Map<Operation, RecordedSpan>();
  for (const test of TESTS) {
    for (const operation of open) {
      if (found.has(operation)) continue;
      const span = [...left].find((candidate) => kindFits(operation, candidate, test) && test(operation, candidate));
      if (span === undefined) continue;
      found.set(operation, span);
      left.delete(span);
    }
  }
  return { spans: found, surplus: [...left] };
}

/** Both sides send: without the surest sign, a span of the other kind is another operation. */
function kindFits({ role }: Operation, { kind }: RecordedSpan, test: Test): boolean {
  return test === TESTS[0] || kind === (role === 'mcp.client' ? 'client' : 'server');
}
