import { objectives } from '../../../src/telemetry/catalogue/objectives.js';
import { ATTR_ERROR_TYPE, ATTR_GEN_AI_TOOL_NAME } from '../../../src/telemetry/semconv.js';
import { quoted } from '../section.js';

/** Tools share a budget with those whose hash has the same digit at the same place. Two places make two chances. */
const DIGITS = [...'0123456789abcdef'];
const PLACES = [0, 1] as const;

const errors = `span.status.code == STATUS_CODE_ERROR or span.attributes["${ATTR_ERROR_TYPE}"] != nil`;

/** The calls that the objective of latency counts as bad: each of them has a trace. */
function slowCall(): string {
  const { of, bad } = objectives.toolCallLatency;
  const isOne = Object.entries(of).map(([key, value]) => `span.attributes["${key}"] == "${value}"`);
  return [...isOne, `span.end_time_unix_nano - span.start_time_unix_nano > ${bad.slowerThanS * 1_000_000_000}`].join(' and ');
}

/** Calls of the tools whose hash has the digit at the place. */
function toolsWith(digit: string, place: number): string {
  const tool = `span.attributes["${ATTR_GEN_AI_TOOL_NAME}"]`;
  return `IsString(${tool}) and Substring(Murmur3Hash(${tool}), ${place}, 1) == "${digit}"`;
}

/** A bucket of tokens, one for each span: what the tools of a digit may use in addition to what other policies keep. */
const BUDGET = `&budget { name: budget, type: rate_limiting, rate_limiting: { spans_per_second: ${variable('OTELCOL_SAMPLING_TOOL_RATE', 1)}, burst_capacity: ${variable('OTELCOL_SAMPLING_TOOL_BURST', 200)} } }`;

const matching = (name: string, condition: string): string =>
  `{ name: ${name}, type: ottl_condition, ottl_condition: { error_mode: propagate, span: [${quoted(condition)}] } }`;

/**
 * The lines of the section `policies` of tail sampling. The first policy that matches decides, so that a budget is spent only on
 * traces that nothing else keeps.
 */
export function policyLines(): string[] {
  const tools = PLACES.flatMap((place) => DIGITS.map((digit) => ({ name: `tools-${place}-${digit}`, condition: toolsWith(digit, place) })));
  return [
    `- ${matching('errors', errors)}`,
    `- ${matching('slow-calls', slowCall())}`,
    `- { name: share, type: probabilistic, probabilistic: { sampling_percentage: ${variable('OTELCOL_SAMPLING_PERCENT', 10)} } }`,
    ...tools.map(({ name, condition }, index) => {
      const budget = index === 0 ? BUDGET : '*budget';
      return `- { name: ${name}, type: and, and: { and_sub_policy: [${matching('tools', condition)}, ${budget}] } }`;
    }),
  ];
}

/** A number that an environment variable can set, as the collector reads it. */
function variable(name: string, byDefault: number): string {
  return `"\${env:${name}:-${byDefault}}"`;
}
