import { z } from 'zod';
import type { Monitoring } from '../../monitoring/monitoring.js';
import { listIcon } from '../icons.js';
import { parseParameters } from './parameters.js';
import type { ResourceDefinition } from './resourceDefinition.js';

export function metricsResource(monitoring: Pick<Monitoring, 'getSystemMetrics'>): ResourceDefinition {
  const schema = z.object({});
  return {
    name: 'metrics',
    title: 'Measurements of the server',
    description:
      'Measurements of the server process: memory, CPU, disk, event loop, connections, and sessions by state. Values that were not measured are absent.',
    icons: listIcon,
    uri: { template: 'handoff://metrics', prefix: 'handoff://metrics', suffix: '', query: [] },
    read: async (_uri, variables) => {
      parseParameters(schema, variables);
      return { body: monitoring.getSystemMetrics() };
    },
  };
}
