import { bare } from './instruments.js';
import type { Instruments } from './instruments.js';

type AnyFunction = (...args: unknown[]) => unknown;

export interface Message {
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: object;
}

/** Replaces a method of `owner`. */
export function replace(owner: object, name: string, around: (original: AnyFunction) => AnyFunction): void {
  const original = Reflect.get(owner, name) as AnyFunction;
  Reflect.set(
    owner,
    name,
    around((...args) => original.apply(owner, args)),
  );
}

/** Instruments that do `harm` to each transport one side connects to. */
export function harming(side: 'server' | 'client', harm: (transport: object) => void): Instruments {
  const onConnect = <T>(target: T): T => {
    replace(target as object, 'connect', (connect) => (...args) => {
      const connecting = connect(...args);
      harm(args[0] as object);
      return connecting;
    });
    return target;
  };
  return { ...bare, [side]: onConnect };
}

/** Changes messages of one side on their way out. */
export function changing(side: 'server' | 'client', change: (message: Message) => object): Instruments {
  return harming(side, (transport) => {
    replace(
      transport,
      'send',
      (send) =>
        (message, ...rest) =>
          send(change(message as Message), ...rest),
    );
  });
}
