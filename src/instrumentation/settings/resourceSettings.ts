import type { Attributes } from '@opentelemetry/api';
import type { Kind, Refuse } from '../../variables/variable.js';
import { keyValues, LIST_ALLOWED } from './keyValues.js';

export const DETECTORS = ['host', 'os', 'process', 'serviceinstance'] as const;

export type DetectorName = (typeof DETECTORS)[number];

/** What the environment or the configuration file says about the resource. */
export interface ResourceSettings {
  readonly detectors: readonly DetectorName[];
  /** Wins over what detectors find and over names given in code. */
  readonly attributes: Attributes;
  readonly schemaUrl?: string;
  /** Patterns, with `*` and `?`, of the detected attributes to keep. When absent, all are kept. */
  readonly detected?: KeyPatterns;
}

export interface KeyPatterns {
  readonly included?: readonly string[];
  readonly excluded?: readonly string[];
}

export const attributeList: Kind<Attributes> = { allowed: LIST_ALLOWED, secret: true, parse: attributesFromList };

/** Takes all or nothing, as the specification requires: half a list could name the wrong service. */
export function attributesFromList(text: string, refuse: Refuse): Attributes {
  const attributes: Attributes = {};
  for (const item of keyValues(text, refuse, 'The whole list is ignored.')) {
    if (item === undefined) return {};
    attributes[item.name] = item.value;
  }
  return attributes;
}
