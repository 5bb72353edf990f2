import type { Attributes } from '@opentelemetry/api';
import { listFromEnv, textFromEnv } from './env.js';
import type { Env, Notify } from './env.js';
import { keyValues } from './keyValues.js';

export type DetectorName = 'host' | 'os' | 'process' | 'serviceinstance';

/** What the environment or the configuration file says of who is speaking. */
export interface ResourceSettings {
  readonly detectors: readonly DetectorName[];
  /** Wins over what detectors find and over names given in code. */
  readonly attributes: Attributes;
  readonly schemaUrl?: string;
  /** Which of the detected attributes to keep, with `*` and `?`. Absent: all. */
  readonly detected?: KeyPatterns;
}

export interface KeyPatterns {
  readonly included?: readonly string[];
  readonly excluded?: readonly string[];
}

const ALL: readonly DetectorName[] = ['host', 'os', 'process', 'serviceinstance'];
/** `service` is what newer SDKs call it. */
const NAMES: ReadonlyMap<string, readonly DetectorName[]> = new Map<string, readonly DetectorName[]>([
  ['all', ALL],
  ['env', []],
  ['host', ['host']],
  ['os', ['os']],
  ['process', ['process']],
  ['serviceinstance', ['serviceinstance']],
  ['service', ['serviceinstance']],
  ['none', []],
]);

/** OTEL_NODE_RESOURCE_DETECTORS, OTEL_RESOURCE_ATTRIBUTES and OTEL_SERVICE_NAME. */
export function resourceFromEnv(env: Env, notify: Notify): ResourceSettings {
  const chosen = listFromEnv(env, 'OTEL_NODE_RESOURCE_DETECTORS') ?? ['all'];
  for (const name of chosen) {
    if (!NAMES.has(name))
      notify(`OTEL_NODE_RESOURCE_DETECTORS=${name.slice(0, 40)} is unknown and ignored; use ${[...NAMES.keys()].join(', ')}.`);
  }
  const isNone = chosen.includes('none');
  const readsEnv = !isNone && ['all', 'env', 'service'].some((name) => chosen.includes(name));
  return {
    detectors: isNone ? [] : ALL.filter((detector) => chosen.some((name) => NAMES.get(name)?.includes(detector))),
    attributes: readsEnv ? attributesFromEnv(env, notify) : {},
  };
}

function attributesFromEnv(env: Env, notify: Notify): Attributes {
  const serviceName = textFromEnv(env, 'OTEL_SERVICE_NAME');
  return {
    ...attributesFromList(textFromEnv(env, 'OTEL_RESOURCE_ATTRIBUTES') ?? '', 'OTEL_RESOURCE_ATTRIBUTES', notify),
    ...(serviceName === undefined ? {} : { 'service.name': serviceName }),
  };
}

/** All or nothing, as the specification asks: half a list could name the wrong service. */
export function attributesFromList(text: string, source: string, notify: Notify): Attributes {
  const attributes: Attributes = {};
  for (const [index, item] of keyValues(text).entries()) {
    if (item === undefined) {
      notify(`${source} is ignored as a whole: item ${index + 1} is not name=value, percent-encoded.`);
      return {};
    }
    attributes[item.name] = item.value;
  }
  return attributes;
}
