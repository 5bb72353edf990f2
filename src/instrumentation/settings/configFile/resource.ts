import type { Attributes } from '@opentelemetry/api';
import { textOf } from '../../../variables/reader.js';
import type { Env } from '../env.js';
import { attributesFromList } from '../resourceSettings.js';
import type { DetectorName, ResourceSettings } from '../resourceSettings.js';
import type { ConfigNode } from './configNode.js';
import { patternsOf } from './views.js';

const DETECTORS: Readonly<Record<string, readonly DetectorName[]>> = {
  host: ['host', 'os'],
  process: ['process'],
  service: ['serviceinstance'],
};

/**
 * Reads `resource`. Detectors run only when the file asks for them, as the format specifies; what the process detector finds
 * about the command line and the user is always left out. The `service` detector reads OTEL_SERVICE_NAME.
 */
export function resourceOf(node: ConfigNode | undefined, env: Env): ResourceSettings {
  if (node === undefined) return { detectors: [], attributes: {} };
  const detection = node.child('detection/development');
  const asked = (detection?.list('detectors') ?? []).flatMap((detector) => detectorOf(detector) ?? []);
  const detected = patternsOf(detection?.child('attributes'));
  const serviceName = asked.includes('service') ? textOf(env, 'OTEL_SERVICE_NAME') : undefined;
  const schemaUrl = node.text('schema_url');
  return {
    detectors: [...new Set(asked.flatMap((name) => DETECTORS[name] ?? []))],
    attributes: {
      ...(serviceName === undefined ? {} : { 'service.name': serviceName }),
      ...attributesFromList(node.text('attributes_list') ?? '', node.refusal('attributes_list')),
      ...attributesOf(node.list('attributes')),
    },
    ...(schemaUrl === undefined ? {} : { schemaUrl }),
    ...(detected === undefined ? {} : { detected }),
  };
}

function detectorOf(node: ConfigNode): string | undefined {
  const [name] = node.choice();
  if (Object.hasOwn(DETECTORS, name)) return name;
  node.notify(name, 'is not supported and is ignored. Use host, process or service');
  return undefined;
}

function attributesOf(entries: readonly ConfigNode[]): Attributes {
  const attributes: Attributes = {};
  for (const entry of entries) {
    const name = entry.text('name');
    const value = entry.raw('value');
    const type = entry.text('type');
    if (name === undefined) continue;
    const typed = attributeValue(value);
    if (typed === undefined) {
      if (value !== undefined) entry.notify('value', 'is not a valid attribute value; the attribute is ignored');
      continue;
    }
    // `${PORT}` becomes a number when it is substituted; `type` says what was meant.
    attributes[name] = type === 'string' && (typeof typed === 'number' || typeof typed === 'boolean') ? String(typed) : typed;
  }
  return attributes;
}

function attributeValue(value: unknown): Attributes[string] {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (!Array.isArray(value)) return undefined;
  const strings = value.filter((item) => typeof item === 'string');
  const numbers = value.filter((item) => typeof item === 'number');
  const booleans = value.filter((item) => typeof item === 'boolean');
  return [strings, numbers, booleans].find((items) => items.length === value.length);
}
