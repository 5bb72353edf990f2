import { registry } from '../registry/load.js';
import type { RecordedSpan } from '../telemetry/recorded.js';
import { expectsSpan } from './chatty.js';
import { promptVariables, spanName } from './conditions.js';
import { writtenByEntry } from './entry.js';
import { meets, wording } from './expectation.js';
import { isExtension, resultType } from './extensions.js';
import { match, sentSpanId } from './match.js';
import type { Operation } from './operation.js';
import { expectationsOf, wellTyped } from './requirement.js';
import { statusDescription } from './statusText.js';
import { show } from './verdict.js';
import type { Verdict } from './verdict.js';

/** Everything the conventions say of the spans of one side. */
export function judgeSpans(operations: readonly Operation[], spans: readonly RecordedSpan[]): Verdict[] {
  const { spans: found, surplus } = match(operations, spans);
  const verdicts = operations
    .filter(({ exchange, recording }) => expectsSpan(exchange, recording.optedIn))
    .flatMap((operation) => judgeSpan(operation, found.get(operation)));
  const [first] = operations;
  if (first === undefined) return verdicts;
  // A span of something that did not travel: counted twice, or made up.
  const said = surplus.map(({ name, kind, attributes }) => `${name} (${kind}, ${show(attributes['jsonrpc.request.id'])})`).join(', ');
  return [
    ...verdicts,
    {
      subject: 'span.count',
      signal: 'span',
      label: 'all',
      method: 'all',
      side: first.side,
      ok: surplus.length === 0,
      said: `nothing but one span per message, got also ${said}`,
    },
  ];
}

function judgeSpan(operation: Operation, span: RecordedSpan | undefined): Verdict[] {
  const say = speaker(operation);
  if (span === undefined) return [say('span.count', false, `expected a span, got nothing`)];
  const fact = registry.spans[operation.role];
  const name = spanName(operation);
  const status = operation.errorTypes.length > 0 ? registry.spanStatus.failed : registry.spanStatus.otherwise;
  const description = statusDescription(operation);
  const verdicts = [
    say('span.count', true, 'one span'),
    say('span.kind', span.kind === fact.kind, `expected ${fact.kind}, got ${span.kind}`),
    say('span.name', span.name === name, `expected ${show(name)}, got ${show(span.name)}`),
    say('span.status', span.status === status, `expected ${status}, got ${span.status}`),
    say('span.status.description', span.description === description, `expected ${show(description)}, got ${show(span.description)}`),
  ];
  const expectations = expectationsOf(fact.attributes, operation, 'span');
  expectations.set('handoff.mcp.result.type', resultType(operation));
  for (const [key, expectation] of promptVariables(operation)) expectations.set(key, expectation);
  for (const [key, expectation] of expectations) {
    const actual = span.attributes[key];
    const ok = meets(expectation, actual) && (actual === undefined || isExtension(key) || wellTyped(key, actual));
    verdicts.push(say(key, ok, `expected ${wording(expectation)}, got ${show(actual)}`));
  }
  verdicts.push(...judgeForeign(span, expectations, say), ...judgeParent(operation, span, say));
  return verdicts;
}

/** Attributes that are neither of this signal nor ours, and ports without their address. */
function judgeForeign(
  { attributes }: RecordedSpan,
  expectations: ReadonlyMap<string, unknown>,
  say: ReturnType<typeof speaker>,
): Verdict[] {
  const foreign = Object.keys(attributes).filter((key) => !expectations.has(key) && !isExtension(key));
  const lonely = ['client', 'server'].filter(
    (end) => attributes[`${end}.port`] !== undefined && attributes[`${end}.address`] === undefined,
  );
  return [
    say(
      'attributes.allowed',
      foreign.length === 0,
      `expected only attributes of the conventions and our extensions, got also ${foreign.join(', ')}`,
    ),
    say('port.with.address', lonely.length === 0, `expected no port without its address, got ${lonely.join(', ')}.port`),
  ];
}

/** The receiver continues the trace that travelled in `_meta`, and what travelled there is the sender's span. */
function judgeParent(operation: Operation, span: RecordedSpan, say: ReturnType<typeof speaker>): Verdict[] {
  const sent = sentSpanId(operation);
  // Such a message carries no context: the ambient one or none is its receiver's parent.
  if (writtenByEntry({ exchange: operation.exchange, cell: operation.recording.cell })) return [];
  if (operation.role === 'mcp.client')
    return [say('propagation.inject', sent === span.spanId, `expected _meta.traceparent of ${span.spanId}, got ${show(sent)}`)];
  return [
    say(
      'propagation.parent',
      sent !== undefined && span.parentId === sent,
      `expected the parent ${show(sent)}, got ${show(span.parentId)}`,
    ),
  ];
}

function speaker({ exchange, side }: Operation): (subject: string, ok: boolean, said: string) => Verdict {
  return (subject, ok, said) => ({ subject, signal: 'span', label: exchange.label, method: exchange.method, side, ok, said });
}
