import { symbolNamed } from './pinoInternals.js';
import type { PinoEvent, PinoInstance } from './pinoInternals.js';

/** Where a line begins and ends; what the channel of newer versions tells its subscribers. */
export interface LineListener {
  onStart(event: PinoEvent): void;
  onEnd(event: PinoEvent): void;
}

type AsJson = (this: PinoInstance, ...args: unknown[]) => unknown;

/** What pino exports, as far as all versions have it. */
type Pino = (options: object, stream: object) => PinoInstance;

const FIRST_WITH_CHANNEL = [9, 10];

/** Whether this copy publishes its lines. Its version is on what it exports, so bundles tell it too. */
export function hasPinoChannel(pino: object): boolean {
  const [major = 0, minor = 0] = String(Reflect.get(pino, 'version')).split('.').map(Number);
  const [firstMajor = 0, firstMinor = 0] = FIRST_WITH_CHANNEL;
  return major > firstMajor || (major === firstMajor && minor >= firstMinor);
}

/**
 * Tells `listener` of the lines of one copy of pino that has no channel, by wrapping the function that makes them on the
 * prototype all its loggers share: those made before are covered too. Returns what takes the wrapper off again.
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
  owner[key] = asJson;
  return () => {
    isActive = false;
    if (owner[key] === asJson) owner[key] = original;
  };
}

/** A logger that writes nowhere leads to the prototype, which pino does not export. */
function serializerOf(pino: Pino): { owner: PinoInstance; key: symbol } {
  const logger = pino({ enabled: false }, { write: () => undefined });
  const key = symbolNamed(logger, 'pino.asJson');
  let owner: object | null = logger;
  while (owner !== null && key !== undefined && !Object.hasOwn(owner, key)) owner = Reflect.getPrototypeOf(owner);
  if (key === undefined || owner === null || typeof Reflect.get(owner, key) !== 'function')
    throw new Error('This pino has its lines made by something unknown.');
  return { owner: owner as PinoInstance, key };
}
