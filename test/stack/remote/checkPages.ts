import { openBrowser } from './devTools.js';
import { boardAddress } from './boardAddress.js';
import type { SourceUids } from './boardAddress.js';
import type { Board } from '../queries/boards.js';
import { eventually } from './eventually.js';
import { panelTitles, readPage } from './pageState.js';
import type { Run } from './run.js';

const PART = 'pages';
/** For a board to show all its panels. */
const SETTLED = { forMs: 90_000, everyMs: 1000 } as const;

export interface Pages {
  readonly run: Run;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly uids: SourceUids;
  readonly boards: readonly Board[];
}

/** Every board in headless Chromium: all panels are there, and none shows an error. */
export async function checkPages({ run, url, headers, uids, boards }: Pages): Promise<void> {
  const { report, workload } = run;
  await using browser = await openBrowser(headers);
  const choices = new Map([['service', [workload.serverName, workload.agentName, workload.otherName]]]);
  for (const board of boards) {
    await report.check(PART, `${board.uid} shows all panels, and none in error`, async () => {
      await browser.open(boardAddress(url, board, uids, choices));
      const titles = panelTitles(board.json);
      const state = await eventually(SETTLED, async () => {
        const now = await readPage(browser);
        const missing = titles.filter((title) => !now.titles.includes(title));
        if (missing.length > 0) {
          throw new Error(
            `${missing.length} of ${titles.length} panels are not shown, among them "${missing[0] ?? ''}"; the page says: ${now.text}`,
          );
        }
        if (now.isLoading || browser.openRequests() > 0) throw new Error('the panels are still loading');
        return now;
      });
      const faults = [
        ...state.errors.map(({ title, message }) => `the panel "${title}": ${message}`),
        ...browser.failedRequests().map(({ status, address }) => `${status} from ${address}`),
      ];
      if (faults.length > 0) throw new Error(faults.join('\n'));
      return `${titles.length} panels, ${state.empty.length} without data${state.empty.length > 0 ? `: ${state.empty.join(', ')}` : ''}`;
    });
  }
}
