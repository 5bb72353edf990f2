import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createHandoffServices } from '../../../../src/handoff/services.js';
import type { HandoffServices } from '../../../../src/handoff/services.js';
import type { RequestType } from '../../../../src/handoff/sessions/types.js';
import { lifecycleMetrics } from '../../../../src/telemetry/catalogue/lifecycle.js';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';
import { Recording } from '../../../unit/telemetry/recording.js';

/** What agents do to the states of sessions is counted where it is done, and nothing else is. */

let fixture: HandoffFixture;
let recording: Recording;
let services: HandoffServices;
beforeAll(async () => {
  fixture = await handoffFixture();
});
afterAll(() => fixture.dispose());
beforeEach(async () => {
  recording = new Recording();
  const { tracer, meter, log } = recording;
  services = createHandoffServices({ database: fixture.database, cache: fixture.cache, tracer, meter, log });
  await fixture.sql('TRUNCATE sessions, session_lifecycle CASCADE');
  await services.sessions.register({ sessionKey: 'k', agentFrom: 'a', metadata: {} });
});
afterEach(() => recording.dispose());

const rest = (): Promise<unknown> => fixture.sql('UPDATE sessions SET is_dormant = true');
const append = () => services.sessions.append({ sessionKey: 'k', contextType: 'message', content: 'x', metadata: {} });
const handOff = (requestType: RequestType) =>
  services.sessions.handOff({ sessionKey: 'k', targetAgent: 'b', requestType, requestData: {} });
const target = { sessionKey: 'k', agent: 'b' };

/** All transitions but the registration, as `from > to: count`. */
async function counted(): Promise<string[]> {
  const metric = (await recording.metrics()).find(({ descriptor }) => descriptor.name === lifecycleMetrics.transitions.name);
  const lines = (metric?.dataPoints ?? []).map(({ attributes, value }) => {
    expect(attributes['handoff.transition.causer']).toBe('agent');
    return `${String(attributes['handoff.session.state.from'])} > ${String(attributes['handoff.session.state.to'])}: ${Number(value)}`;
  });
  expect(lines[0]).toBe('none > active: 1');
  return lines.slice(1);
}

it('a registration counts once, and not for a key that is taken', async () => {
  await services.sessions.register({ sessionKey: 'k', agentFrom: 'a', metadata: {} });
  expect(await counted()).toEqual([]);
});

it('an entry, a handoff and an answer that wake a session are counted, and those that find it awake are not', async () => {
  await append();
  await handOff('collaboration');
  expect(await counted()).toEqual([]);
  await rest();
  await append();
  await append();
  await rest();
  await handOff('collaboration');
  await services.sessions.acceptHandoff(target);
  await services.sessions.completeHandoff(target);
  expect(await counted()).toEqual(['dormant > active: 2']);
});

it('an analysis that wakes a session is counted', async () => {
  const analyses = createHandoffServices({
    database: fixture.database,
    cache: fixture.cache,
    tracer: recording.tracer,
    meter: recording.meter,
    log: recording.log,
    codebase: { roots: [import.meta.dirname] },
  });
  const analyse = () => analyses.sessions.analyse({ sessionKey: 'k', filePaths: ['no such file.ts'], analysisType: 'full' });
  await analyse();
  await rest();
  expect((await analyse()).kind).toBe('analysed');
  expect(await counted()).toEqual(['dormant > active: 1']);
});

it('a full handoff and its acceptance are counted once each, by the state before', async () => {
  await handOff('full_handoff');
  await handOff('full_handoff');
  await services.sessions.acceptHandoff(target);
  await services.sessions.acceptHandoff(target);
  await rest();
  await handOff('full_handoff');
  await services.sessions.rejectHandoff({ ...target, answer: { reason: 'no' } });
  expect(await counted()).toEqual(['active > completed: 1', 'completed > active: 1', 'dormant > completed: 1']);
});

it('what is refused is not counted', async () => {
  await fixture.sql("UPDATE sessions SET status = 'expired', is_dormant = true");
  await append();
  await handOff('full_handoff');
  await services.sessions.acceptHandoff(target);
  expect(await counted()).toEqual([]);
});
