import type { TransportLike } from '../shapes.js';
import { propertyKind } from './propertyKind.js';
import type { PropertyKind } from './propertyKind.js';

const KEYS = ['start', 'send', 'onmessage', 'onclose', 'onerror'] as const satisfies readonly (keyof TransportLike)[];

/** How the functions of a transport can be changed. */
export interface TransportSurvey extends Readonly<Record<(typeof KEYS)[number], PropertyKind>> {
  /** Whether all functions are plain. */
  readonly isPlain: boolean;
  /** Whether any function is closed: then the whole transport is left alone. */
  readonly isClosed: boolean;
}

const PLAIN: TransportSurvey = {
  start: 'plain',
  send: 'plain',
  onmessage: 'plain',
  onclose: 'plain',
  onerror: 'plain',
  isPlain: true,
  isClosed: false,
};

/** Inspects a transport without reading or assigning any property. Never throws. */
export function surveyTransport(transport: TransportLike): TransportSurvey {
  if (isAllPlain(transport)) return PLAIN;
  const kinds = Object.fromEntries(KEYS.map((key) => [key, kindOf(transport, key)])) as Record<(typeof KEYS)[number], PropertyKind>;
  return { ...kinds, isPlain: false, isClosed: Object.values(kinds).includes('closed') };
}

/** In a loop, since it runs for every connection. */
function isAllPlain(transport: TransportLike): boolean {
  for (const key of KEYS) if (kindOf(transport, key) !== 'plain') return false;
  return true;
}

function kindOf(transport: TransportLike, key: (typeof KEYS)[number]): PropertyKind {
  try {
    return propertyKind(transport, key);
  } catch {
    return 'closed';
  }
}
