import { z } from 'zod';
import { isMapping } from '../../../values/guards.js';

type Shape = Readonly<Record<string, z.core.$ZodType>>;

/**
 * Returns a function that leaves out the optional arguments that a call has as null. Clients that must name every argument, as models
 * in strict modes do, say in this way that they give none. Null has no meaning of its own for any of our arguments.
 */
export function nullsLeftOut(shape: Shape): (args: unknown) => unknown {
  const optional = Object.keys(shape).filter((name) => isOptional(shape[name]));
  const nested = Object.entries(shape).flatMap(([name, type]) =>
    type instanceof z.ZodObject ? [[name, nullsLeftOut(type.shape)] as const] : [],
  );
  return (args) => {
    if (!isMapping(args)) return args;
    const inner = nested.filter(([name]) => isMapping(args[name])).map(([name, leftOut]) => [name, leftOut(args[name])] as const);
    if (inner.length === 0 && !optional.some((name) => args[name] === null)) return args;
    const given = Object.entries({ ...args, ...Object.fromEntries(inner) });
    return Object.fromEntries(given.filter(([name, value]) => value !== null || !optional.includes(name)));
  };
}

function isOptional(type: z.core.$ZodType | undefined): boolean {
  return type !== undefined && z.safeParse(type, undefined).success;
}
