import { z } from 'zod';
import type { Jobs } from '../../jobs/jobs.js';

export function jobName({ names }: Jobs) {
  return z.enum(names).describe(`Name of the job, one of: ${names.join(', ')}`);
}
