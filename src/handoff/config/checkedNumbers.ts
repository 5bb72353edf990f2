import { InvalidArgumentError } from '../../errors/lifecycleErrors.js';

/** Which numbers an option of a host may be. */
export interface NumberLimits {
  readonly min: number;
  readonly max: number;
  /** What they are numbers of: `milliseconds`, `percent`. */
  readonly unit: string;
}

/**
 * Returns the options when each that has limits is a number within them, or left out. A host in JavaScript may pass anything, and a timer
 * takes what is no number for a millisecond.
 *
 * @param owner begins the name of an option in the error
 * @throws InvalidArgumentError for the first that is not
 */
export function checkedNumbers<Options extends object>(
  options: Options,
  limits: { readonly [Key in keyof Options]?: NumberLimits },
  owner = '',
): Options {
  for (const [key, { min, max, unit }] of Object.entries<NumberLimits>(limits as Readonly<Record<string, NumberLimits>>)) {
    const value: unknown = Reflect.get(options, key);
    if (value === undefined) continue;
    if (typeof value !== 'number' || !(value >= min && value <= max))
      throw new InvalidArgumentError(`${owner}${key}`, `a number of ${unit} from ${min} to ${max}`);
  }
  return options;
}
