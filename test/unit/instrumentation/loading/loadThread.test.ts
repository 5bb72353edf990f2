import { describe, expect, it } from 'vitest';
import { initialize, load } from '../../../../src/instrumentation/loading/loadThread.js';

const context = { conditions: [], format: 'module', importAttributes: {} };

async function sourceOf(url: string): Promise<unknown> {
  const loaded = await load(url, context, () => ({ format: 'module', source: 'class Thing {}', shortCircuit: true }));
  return loaded.source;
}

describe('the hook in the loader thread', () => {
  it('adds the handover to matching modules once it has been told of them', async () => {
    expect(await sourceOf('file:///lib/a.js')).toBe('class Thing {}');
    initialize({ id: 7, pattern: { files: /\/lib\//, names: ['Thing'] }, marks: [] });
    expect(await sourceOf('file:///lib/a.js')).toContain('receivers.get(7)');
    expect(await sourceOf('file:///other/a.js')).toBe('class Thing {}');
  });
});
