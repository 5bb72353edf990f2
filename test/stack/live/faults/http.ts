import { services } from '../servers.js';
import type { Fault, World } from './fault.js';

const BURST = 40;

/** Requests that a page of a stranger would send. */
async function asStranger({ unluckyHandoff }: World): Promise<void> {
  const ask = async (): Promise<void> => {
    const response = await fetch(`${unluckyHandoff.url('mcp')}/mcp`, { method: 'POST', headers: { origin: 'https://elsewhere.example' }, body: '{}' });
    await response.arrayBuffer();
  };
  await Promise.all(Array.from({ length: BURST }, ask));
}

/** Requests that Streamable HTTP refuses. */
export const httpFaults: readonly Fault[] = [
  {
    name: 'a page of a stranger asks',
    alerts: [{ name: 'HttpAccessRefusals', labels: { job: services.unluckyHandoff, handoff_http_refusal_reason: 'origin' } }],
    go: asStranger,
  },
];
