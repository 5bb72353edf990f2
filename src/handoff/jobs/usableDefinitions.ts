import { InvalidArgumentError } from '../../errors/lifecycleErrors.js';
import { jobConfigProblems } from './jobConfig.js';
import type { JobDefinition } from './jobDefinition.js';

const NAME = /^[A-Za-z0-9][A-Za-z0-9-]{0,62}$/;

/**
 * Returns the jobs of this package with those of the host. Throws `InvalidArgumentError` for one that the queue cannot keep: it refuses it
 * at each start, and no other job would run either.
 *
 * @param reserved names of queues that are no jobs
 */
export function usableDefinitions(
  ours: readonly JobDefinition[],
  ofHost: readonly JobDefinition[],
  reserved: readonly string[],
): readonly JobDefinition[] {
  const names = new Set([...reserved, ...ours.map(({ name }) => name)]);
  for (const { name, defaults } of ofHost) {
    const at = `jobs.definitions: ${JSON.stringify(name)}`;
    if (!NAME.test(name))
      throw new InvalidArgumentError(at, 'a name of 1 to 63 letters, digits and hyphens that does not begin with a hyphen');
    if (names.has(name)) throw new InvalidArgumentError(at, 'a name that no other job has');
    names.add(name);
    const [problem] = jobConfigProblems(defaults);
    if (problem !== undefined) throw new InvalidArgumentError(`${at}: ${problem.path}`, problem.allowed);
  }
  return [...ours, ...ofHost];
}
