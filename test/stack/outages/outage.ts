import { beginLoad, type Accounts } from './account.js';
import { accountText } from './equations.js';
import type { Case, Lab } from './lab.js';
import { Sender } from './sender.js';

/** How long everything is well before an outage. */
const BEFORE_MS = 1500;
/** `suite.ts` sets the variable. */
const OUTAGE_MS = Number(process.env['OUTAGE_SECONDS'] ?? 6) * 1000;

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** What breaks and what repairs it; both happen under load. */
export interface Fault {
  readonly title: string;
  readonly begin: (test: Case) => Promise<void> | void;
  readonly end: (test: Case) => Promise<void> | void;
  /** Variables of the collector. */
  readonly env?: Readonly<Record<string, string>>;
  /** For how long, in ms. Default: as long as the outages of this run. */
  readonly lastsMs?: number;
}

/** Runs one outage under load, from before it until everything that waited has arrived, and prints the account. */
export async function outage(lab: Lab, { title, begin, end, env, lastsMs = OUTAGE_MS }: Fault): Promise<Accounts> {
  await using test = await lab.newCase(env);
  const load = await beginLoad(lab, test, new Sender(test.collector.endpoint));
  await pause(BEFORE_MS);
  await begin(test);
  await pause(lastsMs);
  await end(test);
  await pause(BEFORE_MS);
  const accounts = await load.settle();
  process.stderr.write(`${accountText(`${title}, ${lastsMs / 1000} s`, accounts)}\n`);
  return accounts;
}
