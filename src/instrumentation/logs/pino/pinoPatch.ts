import { replaceMethod } from '../../patching/replaceMethod.js';
import { symbolNamed } from './pinoInternals.js';
import type { PinoEvent, PinoInstance } from './pinoInternals.js';

/** Where a line begins and ends; the channel of newer versions notifies its subscribers of the same. */
export interface LineListener {
  onStart(event: PinoEvent): void;
  onEnd(event: PinoEvent): void;
}

type AsJson = (this: PinoInstance, ...args: unknown[]) => unknown;

/** What pino exports, limited to what all versions have. */
type Pino = (options: object, stream: object) => PinoInstance;

const FIRST_WITH_CHANNEL = [9, 10];

/** Whether this copy publishes its lines. Its exports carry its version, so this works for bundles too. */
export function hasPinoChannel(pino: object): boolean {
  const [major = 0, minor = 0] = String(Reflect.get(pino, 'version')).split('.').map(Number);
  const [firstMajor = 0, firstMinor = 0] = FIRST_WITH_CHANNEL;
  return major > firstMajor || (major === firstMajor && minor >= firstMinor);
}

/**
 * Notifies `listener` of the lines of one copy of pino that has no channel, by wrapping the function that builds them on the
 * prototype all its loggers share: those created before are covered too. Returns a function that removes the wrapper.
 *
 * Delete when the oldest supported pino is 9.10.
 */
export function patchPino(pino: object, listener: LineListener): () => void {
  const { owner, key } = serializerOf(pino as unknown as Pino);
  const original = owner[key] as AsJson;
  let isActive = true;
  const asJson: AsJson = function asJson(...args) {
    if (!isActive) return Reflect.apply(original, this, args);
    const event: { instance: PinoInstance; arguments: unknown[]; result?: unknown } = { instance: this, arguments: args };
    listener.onStart(event);
    try {
      event.result = Reflect.apply(original, this, args);
      return event.result;
    } finally {
      listener.onEnd(event);
    }
  };
  const putBack = replaceMethod(owner, key, asJson);
  return () => {
    isActive = false;
    putBack();
  };
}

/** A logger that writes nowhere leads to the prototype, which pino does not export. */
function serializerOf(pino: Pino): { owner: PinoInstance; key: symbol } {
  const logger = pino({ enabled: false }, { write: () => undefined });
  const key = symbolNamed(logger, 'pino.asJson');
  let owner: object | null = logger;
  while (owner !== null && key !== undefined && !Object.hasOwn(owner, key)) owner = Reflect.getPrototypeOf(owner);
  if (key === undefined || owner === null || typeof Reflect.get(owner, key) !== 'function')
    throw new Error('This pino builds its lines with an unknown function.');
  return { owner: owner as PinoInstance, key };
}
