import { isNativeError } from 'node:util/types';

const CLASS_NAME = /^[A-Z][A-Za-z0-9]{0,60}$/;
const MAX_FRAMES = 20;

/**
 * `exception.type` of a thrown value: its class name, or `Error` when the name is not a plain identifier (minified,
 * spoofed, not an error at all). Never throws.
 */
export function exceptionType(thrown: unknown): string {
  try {
    const name = typeof thrown === 'object' && thrown !== null ? thrown.constructor.name : '';
    return CLASS_NAME.test(name) && name !== 'Object' ? name : 'Error';
  } catch {
    return 'Error';
  }
}

/** Also true for an error of another realm, such as a sandbox of `vm`. */
export function isError(thrown: unknown): thrown is Error {
  return thrown instanceof Error || isNativeError(thrown);
}

/** The frames of a thrown value's stack without its message; see `framesOf`. `undefined` when it has no stack. Never throws. */
export function stackFrames(thrown: unknown): string | undefined {
  try {
    return isError(thrown) && typeof thrown.stack === 'string' ? framesOf(thrown.stack, thrown.message) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The frames of a stack text, at most 20, without the message in front of them.
 *
 * Messages quote what the caller sent (`invalid input syntax for type uuid: "..."`), and content stays out of telemetry
 * unless someone asks for it. A message may itself contain lines that look like frames, so it is cut off as a prefix; if
 * the stack does not contain it, only what follows the last line that is not a frame is kept.
 */
export function framesOf(stack: string, message: string): string | undefined {
  const messageAt = message === '' ? -1 : stack.indexOf(message);
  const lines = (messageAt === -1 ? stack : stack.slice(messageAt + message.length)).split('\n');
  const start = lines.findLastIndex((line) => !isFrame(line)) + 1;
  const frames = lines.slice(start, start + MAX_FRAMES);
  return frames.length === 0 ? undefined : frames.join('\n');
}

function isFrame(line: string): boolean {
  return line.startsWith('    at ');
}
