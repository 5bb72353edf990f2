import { isatty } from 'node:tty';
import { TimeRangeError } from '../../../errors/analyticsErrors.js';
import type { Analytics } from '../../analytics/analytics.js';
import { inTermsOfRequest, readRequest, refuseRange, requireAskable } from '../../analytics/answers/request.js';
import type { CommandContext } from '../command.js';
import { requireNewFile, writeNewFile } from '../newFile.js';
import { packageInfo } from '../packageInfo.js';
import type { Streams } from '../streams.js';
import { UsageError } from '../usageError.js';
import { REPORT_USAGE } from '../usages.js';
import { withServices } from '../withServices.js';
import { htmlPage } from './html/page.js';
import { readOptions } from './options.js';
import type { ReportOptions } from './options.js';
import { terminalReport } from './terminal/terminalReport.js';
import { isRanged } from '../../analytics/answers/analyticsTypes.js';
import { currentViews, rangedViews } from './views/allViews.js';
import type { ReportView } from './views/view.js';

/** Where stdout is no terminal. */
const DEFAULT_COLUMNS = 80;
/** Tables do not get narrower. */
const LEAST_COLUMNS = 40;

/** `handoff-otel report`: what happened in a range of time, as text, as JSON, or as a page in a file. */
export async function report(context: CommandContext): Promise<number> {
  const options = readOptions(context.args);
  const now = new Date();
  // Before anything is opened: without a DATABASE_URL that would make a database.
  await inWordsOfOptions(async () => {
    for (const type of options.types) await requireAskable(type, options.requestOf(type), now.getTime());
  });
  if (options.html !== undefined) await requireNewFile(options.html, REPORT_USAGE);
  return withServices(context, ({ analytics }) => inWordsOfOptions(() => write(analytics, options, now, context.streams)));
}

async function write(analytics: Analytics, options: ReportOptions, now: Date, streams: Streams): Promise<number> {
  const { types, html, json, requestOf } = options;
  if (html !== undefined) {
    const page = htmlPage(await allViews(analytics, options, now), { version: packageInfo().version, madeAt: now });
    await writeNewFile(html, REPORT_USAGE, async (out) => {
      await out(page);
      return true;
    });
    streams.err(`Wrote ${html}.\n`);
  }
  if (json) {
    const answers: Record<string, unknown> = {};
    for (const type of types) answers[type] = await analytics.answer(type, requestOf(type));
    streams.out(`${JSON.stringify(answers, null, 2)}\n`);
  } else if (html === undefined) {
    const terminal = { columns: Math.max(LEAST_COLUMNS, process.stdout.columns ?? DEFAULT_COLUMNS), colour: isColoured() };
    const texts = (await allViews(analytics, options, now)).map((view) => terminalReport(view, terminal));
    streams.out(`${texts.join('\n\n\n')}\n`);
  }
  await streams.caughtUp?.();
  return 0;
}

/** One after another: reports read many buckets, and a server may be at work on the same database. */
async function allViews(analytics: Analytics, { types, requestOf }: ReportOptions, now: Date): Promise<readonly ReportView[]> {
  const made: ReportView[] = [];
  for (const type of types)
    made.push(
      await inTermsOfRequest(async () => {
        const request = requestOf(type);
        if (isRanged(type)) return rangedViews[type](analytics, readRequest(request, now.getTime()));
        refuseRange(type, request);
        return currentViews[type](analytics);
      }),
    );
  return made;
}

const OPTION_NAMES: Readonly<Record<string, string>> = {
  from: '--from',
  to: '--to',
  timeZone: '--time-zone',
  granularity: '--granularity',
  groupBy: '--group-by',
  maxGroups: '--max-groups',
};

async function inWordsOfOptions<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof TimeRangeError)) throw error;
    const said = error.data.problems.map(({ path, problem, allowed }) => `${OPTION_NAMES[path] ?? path} ${problem} (allowed: ${allowed}).`);
    throw new UsageError(said.join('\n'), REPORT_USAGE);
  }
}

function isColoured(): boolean {
  return isatty(1) && process.stdout.hasColors();
}
