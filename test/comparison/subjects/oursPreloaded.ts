import type { Subject } from '../subject.js';
import { registerHost } from './ours.js';

/** `node --import handoff-otel/register`, which joins the SDK that was registered before it. */
export async function openOursPreloaded(): Promise<Subject> {
  const host = registerHost();
  process.env['HANDOFF_STDIO'] = 'true';
  await import('../../../src/register.js');
  return { ...host, name: 'ours', roads: [], wrapServer: (server) => server };
}
