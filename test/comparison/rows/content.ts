import type { Lab } from '../lab.js';
import { graded, notApplicable } from '../row.js';
import type { Row } from '../row.js';
import type { Mode } from '../subject.js';

const CARD = '4111 1111 1111 1111';
const PASSWORD = 'hunter2-hunter2';
const HARMLESS = 'a harmless word';
const RESULT = 'probed result';

/** Everything that the telemetry of one call says, as text; undefined without a span. */
async function toldOf(lab: Lab, mode: Mode): Promise<string | undefined> {
  return lab.on({ mode }, async (stage) => {
    await stage.request('tools/call', { name: 'probe', arguments: { text: `${HARMLESS}, card ${CARD}`, password: PASSWORD } });
    await lab.received('tools/call');
    await lab.quiet();
    const spans = await lab.spans((all) => all.length > 0);
    return spans.length === 0 ? undefined : JSON.stringify([spans, await lab.subject.points()]);
  });
}

export const contentRows: readonly Row[] = [
  {
    title: 'content off by default',
    rule: 'Y: neither arguments nor results of a call are in its telemetry. P: one of them. -: both. n.a.: no span.',
    test: 'test/unit/instrumentation/mcp/content/capture.test.ts',
    run: async (lab) => {
      const told = await toldOf(lab, 'plain');
      if (told === undefined) return notApplicable('no span');
      return graded({ 'no arguments': !told.includes(HARMLESS), 'no result': !told.includes(RESULT) });
    },
  },
  {
    title: 'values redacted when content is on',
    rule: 'A password under its name, and a card number inside a text. Y: both are gone, the rest is there. P: one is gone. -: neither. n.a.: there is no content to switch on.',
    test: 'test/unit/instrumentation/mcp/content/standardRules.test.ts',
    run: async (lab) => {
      if (lab.subject.contentBy === undefined) return notApplicable('no content to switch on');
      const told = await toldOf(lab, 'content');
      if (told?.includes(HARMLESS) !== true) return { cell: '-', observed: 'switched on, yet there is no content' };
      return graded({ 'password gone': !told.includes(PASSWORD), 'card number gone': !told.includes(CARD) });
    },
  },
];
