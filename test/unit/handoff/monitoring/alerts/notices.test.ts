import { expect, it } from 'vitest';
import { noticeOf } from '../../../../../src/handoff/monitoring/alerts/notices.js';

const teller = { service: 'handoff', server: 'a:1:ff' };
const over = { change: 'cleared', key: 'error_rate/service', name: 'error_rate', scope: 'service', startsAtMs: 1000 } as const;
const subject = 'The share of calls that failed inside the server';

it.each([
  ['recovered', `${subject} is below its threshold again.`],
  // What nobody measured is not said to be below anything.
  ['stopped', `${subject}: no server finds it beyond its threshold any more. The one that did ends.`],
  ['switched_off', `${subject}: no server compares it with a threshold any more. The setting switches this alert off.`],
  ['expired', `${subject}: no server finds it beyond its threshold any more. The one that did has not been heard of.`],
] as const)('the end of an alert says why it is over: %s', (cause, summary) => {
  expect(noticeOf({ ...over, cause }, teller, 2000)).toMatchObject({ summary, cause, endsAtMs: 2000 });
});
