import type { Attributes, Exception } from '@opentelemetry/api';
import { ATTR_EXCEPTION_MESSAGE, ATTR_EXCEPTION_STACKTRACE, ATTR_EXCEPTION_TYPE } from '../../../telemetry/semconv.js';

/** Returns the attributes of an exception's event, as the SDK chooses them; `undefined` for one that has neither a type nor a message. */
export function exceptionEvent(exception: Exception): Attributes | undefined {
  if (typeof exception === 'string') return exception === '' ? undefined : { [ATTR_EXCEPTION_MESSAGE]: exception };
  // Hosts that are not typed pass anything.
  const { code, name, message, stack } = Object(exception) as Exclude<Exception, string>;
  const type = code === undefined || code === '' || code === 0 ? name : String(code);
  const isTyped = type !== undefined && type !== '';
  const isWorded = message !== undefined && message !== '';
  if (!isTyped && !isWorded) return undefined;
  return {
    ...(isTyped ? { [ATTR_EXCEPTION_TYPE]: type } : {}),
    ...(isWorded ? { [ATTR_EXCEPTION_MESSAGE]: message } : {}),
    ...(stack === undefined || stack === '' ? {} : { [ATTR_EXCEPTION_STACKTRACE]: stack }),
  };
}
