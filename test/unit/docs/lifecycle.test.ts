import { expect, it } from 'vitest';
import { transitionNames } from '../../../src/handoff/lifecycle/transitionTable.js';
import { sessionStates } from '../../../src/handoff/sessions/sessionState.js';
import { lifecycleDocument } from './lifecycleDocument.js';

it('docs/lifecycle.md is what the table of transitions generates; regenerate with `npm run docs`', async () => {
  await expect(lifecycleDocument()).toMatchFileSnapshot('../../../docs/lifecycle.md');
});

it('draws every state and every transition', () => {
  const [, picture = ''] = /```mermaid\n([\s\S]*?)```/u.exec(lifecycleDocument()) ?? [];
  for (const state of sessionStates) expect(picture).toMatch(new RegExp(`--> ${state} `, 'u'));
  for (const name of transitionNames) expect(picture).toContain(` : ${name} (`);
});
