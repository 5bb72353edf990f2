import { trace } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';

let knownKey: symbol | undefined;

/** The key under which the API stores a span: it is not exported, but reading a span asks for it. */
export function spanKey(): symbol | undefined {
  if (knownKey === undefined) {
    const probe: Context = {
      getValue: (key) => {
        knownKey = key;
        return undefined;
      },
      setValue: () => probe,
      deleteValue: () => probe,
    };
    trace.getSpan(probe);
  }
  return knownKey;
}
