import type { Browser } from './devTools.js';

/** What a page with a dashboard shows. */
export interface PageState {
  readonly titles: readonly string[];
  readonly errors: readonly { readonly title: string; readonly message: string }[];
  /** The panels that say they have no data. */
  readonly empty: readonly string[];
  readonly isLoading: boolean;
  /** The beginning of what can be read on the page. */
  readonly text: string;
}

/**
 * Runs in the page. Grafana marks panels for its own tests: the header of each by its title, an error by an icon, an exception in a
 * panel by a box. Rows are opened, because what is in a closed one does not load.
 */
const READ = `(() => {
  for (const row of document.querySelectorAll('[aria-label="Expand row"]')) row.click();
  const marked = (mark) => [...document.querySelectorAll('[data-testid^="data-testid ' + mark + '"]')];
  const prefix = 'data-testid Panel header ';
  const panelOf = (element) => element.closest('section') ?? element.closest('[data-viz-panel-key]') ?? element.parentElement;
  const titleOf = (element) => {
    const header = panelOf(element)?.matches('[data-testid^="' + prefix + '"]') ? panelOf(element)
      : panelOf(element)?.querySelector('[data-testid^="' + prefix + '"]') ?? element.closest('[data-testid^="' + prefix + '"]');
    return header?.getAttribute('data-testid').slice(prefix.length) ?? '?';
  };
  const shown = (element) => element.getClientRects().length > 0;
  const words = (element) => element.getAttribute('aria-label') || element.getAttribute('title') || element.textContent || 'an error';
  const failing = [...marked('Panel status error'), ...marked('Alert error'), ...marked('Error boundary')].filter(shown);
  const empty = marked('Panel data error message').filter(shown);
  return {
    titles: marked('Panel header ').map((each) => each.getAttribute('data-testid').slice(prefix.length)),
    errors: failing.map((each) => ({ title: titleOf(each), message: words(each).slice(0, 300) })),
    empty: empty.map(titleOf),
    isLoading: document.querySelector('[aria-label="Panel loading bar"], [data-testid="data-testid Panel loading bar"]') !== null,
    text: (document.body?.innerText ?? '').replace(/\\s+/g, ' ').slice(0, 200),
  };
})()`;

export async function readPage(browser: Browser): Promise<PageState> {
  return (await browser.evaluate(READ)) as PageState;
}

interface Panel {
  readonly type?: string;
  readonly title?: string;
  readonly panels?: readonly Panel[];
  readonly repeat?: string;
}

/** The titles of the panels that a page has to show. A title with a variable, or of a panel that is repeated, is not known before. */
export function panelTitles(board: Readonly<Record<string, unknown>>): readonly string[] {
  const titles = (panels: readonly Panel[]): readonly string[] =>
    panels.flatMap(({ type, title = '', panels: inner = [], repeat }) =>
      type === 'row' || title === '' || title.includes('$') || repeat !== undefined ? titles(inner) : [title, ...titles(inner)],
    );
  return titles((board['panels'] ?? []) as readonly Panel[]);
}
