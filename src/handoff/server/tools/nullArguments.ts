import { z } from 'zod';
import { isMapping } from '../../../values/guards.js';

type Shape = Readonly<Record<string, z.core.$ZodType>>;

/**
 * Returns a function that leaves out the optional arguments that a call has as null. Clients that must name every argument, as models
 * in strict modes do, say in this way that they give none. Null has no meaning of its own for any of our arguments.
 */
export function nullsLeftOut(shape: Shape): (args: unknown) => unknown {
  const optional = new Set(Object.keys(shape).filter((name) => isOptional(shape[name])));
  const nested = new Map(
    Object.entries(shape).flatMap(([name, type]) => (type instanceof z.ZodObject ? [[name, nullsLeftOut(type.shape)] as const] : [])),
  );
  return (args) => {
    if (!isMapping(args)) return args;
    const mayHaveNull = Object.entries(args).some(([name, value]) => (value === null ? optional.has(name) : nested.has(name)));
    if (!mayHaveNull) return args;
    return Object.fromEntries(
      Object.entries(args)
        .filter(([name, value]) => value !== null || !optional.has(name))
        .map(([name, value]) => [name, nested.get(name)?.(value) ?? value]),
    );
  };
}

function isOptional(type: z.core.$ZodType | undefined): boolean {
  return type !== undefined && z.safeParse(type, undefined).success;
}
