import { redaction } from '../../../src/telemetry/catalogue/redaction.js';
import { quoted } from '../section.js';

/** A kind of part that telemetry is made of, as OTTL calls them, with its attributes and its texts. */
interface Part {
  readonly attributes: string;
  /** Text that is neither an attribute nor a body, which the redaction processor does not look at. */
  readonly texts: readonly string[];
}

const RESOURCE: Part = { attributes: 'resource.attributes', texts: [] };
const SCOPE: Part = { attributes: 'scope.attributes', texts: ['scope.name', 'scope.version'] };
const PARTS: Readonly<Record<'trace' | 'metric' | 'log', readonly Part[]>> = {
  trace: [
    RESOURCE,
    SCOPE,
    { attributes: 'span.attributes', texts: ['span.name', 'span.status.message', 'span.trace_state'] },
    { attributes: 'spanevent.attributes', texts: ['spanevent.name'] },
  ],
  metric: [
    RESOURCE,
    SCOPE,
    { attributes: 'metric.metadata', texts: ['metric.name', 'metric.description', 'metric.unit'] },
    { attributes: 'datapoint.attributes', texts: [] },
    { attributes: 'exemplar.filtered_attributes', texts: [] },
  ],
  log: [RESOURCE, SCOPE, { attributes: 'log.attributes', texts: ['log.event_name', 'log.severity_text'] }],
};

const MASK = '****';

/** One expression for all masked values. Alternatives are tried in their order, which is the one that the catalogue asks for. */
export const anyMaskedValue = redaction.maskedValues.map((pattern) => `(?:${pattern})`).join('|');

/** OTTL's own text literals, in which a backslash and a quotation mark are escaped as in JSON. */
const literal = (text: string): string => JSON.stringify(text);

/** What `transform/pii` does to one kind of part. */
function statementsFor({ attributes, texts }: Part): string[] {
  // A point's trace and span are fields of the exemplar; these attributes are what a view removed from the point, and nobody asks for it.
  if (attributes === 'exemplar.filtered_attributes') return [`delete_matching_keys(${attributes}, ".*")`];
  return [
    ...(attributes === RESOURCE.attributes ? [`delete_matching_keys(${attributes}, ${literal(redaction.removedResourceKeys)})`] : []),
    `delete_matching_keys(${attributes}, ${literal(redaction.removedKeys)})`,
    ...texts.map((path) => `replace_pattern(${path}, ${literal(anyMaskedValue)}, ${literal(MASK)})`),
  ];
}

/**
 * The lines of the section `removed`: all statements of `transform/pii`, a group for each kind of part. The collector runs a group once
 * for each of the smallest parts it names: in one group with those of span events, the statements on spans would pass over spans
 * that have none.
 */
export function removedLines(): string[] {
  return Object.entries(PARTS).flatMap(([signal, parts]) => [
    `${signal}_statements:`,
    ...parts.flatMap((part) => ['  - statements:', ...statementsFor(part).map((statement) => `      - ${quoted(statement)}`)]),
  ]);
}

/** The lines of the section `masked`: what the redaction processor looks for. */
export function maskedLines(): string[] {
  return [
    'blocked_key_patterns:',
    ...redaction.maskedKeys.map((pattern) => `  - ${quoted(pattern)}`),
    'blocked_values:',
    ...redaction.maskedValues.map((pattern) => `  - ${quoted(pattern)}`),
  ];
}
