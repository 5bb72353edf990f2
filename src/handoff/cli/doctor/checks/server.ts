import { askHealth } from '../../health/askHealth.js';
import { DEFAULT_ADMIN_PORT } from '../../../../variables/monitoringVariables.js';
import { adminUrl } from '../../health/adminUrl.js';
import type { HealthDocument } from '../../../server/admin/healthDocument.js';
import type { Check } from '../examination/check.js';
import { failure, fine, skipped, warning } from '../examination/finding.js';
import type { Finding } from '../examination/finding.js';
import { printable } from '../../render/width.js';
import { isMapping } from '../../../../values/guards.js';

export const serverCheck: Check = {
  name: 'server.health',
  group: 'server',
  looksWhether: 'a server that is running with these settings reports that it is healthy (`/health` of its admin port)',
  limitMs: 6000,
  needs: ['HANDOFF_ADMIN_HOST', 'HANDOFF_ADMIN_PORT'],
  run: async ({ options, settings: { HANDOFF_ADMIN_HOST: host, HANDOFF_ADMIN_PORT: given } }) => {
    if ((options.stdio && given === undefined) || given === 0) return [];
    const answer = await askHealth(adminUrl(host, given ?? DEFAULT_ADMIN_PORT));
    if ('problem' in answer) return [skipped('No server with these settings runs here, or it has no admin port.')];
    const parts = Object.entries(answer.checks).flatMap(([name, entries]) => partFinding(name, entries));
    return parts.length > 0 ? parts : [fine(`The server that runs is ${printable(answer.state)}.`)];
  },
};

/** The document may come from another version. */
function partFinding(name: string, entries: HealthDocument['checks'][keyof HealthDocument['checks']]): readonly Finding[] {
  const entry: unknown = Array.isArray(entries) ? entries[0] : undefined;
  if (!isMapping(entry) || entry['state'] === 'healthy') return [];
  const text = (key: string): string => (typeof entry[key] === 'string' ? printable(entry[key]) : '');
  const says = `The server that runs says of its part ${printable(name)}: ${text('state')}${text('reason') === '' ? '' : ` (${text('reason')})`}.`;
  const remedy = text('advice') === '' ? 'Run handoff-otel health for details.' : text('advice');
  return [text('state') === 'unhealthy' ? failure(says, remedy) : warning(says, remedy)];
}
