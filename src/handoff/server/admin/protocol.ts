import type { HealthReport } from '../../monitoring/health/report.js';
import type { AdminAddress } from './adminHttp.js';
import type { MetricsAnswer } from './adminSource.js';
import type { Readiness } from './readiness.js';

/** What the thread is started with. */
export interface ThreadStart extends AdminAddress {
  readonly heartbeat: SharedArrayBuffer;
}

/** From the thread: first whether it listens, then questions, at last that it has closed. */
export type ThreadMessage =
  | { readonly type: 'listening'; readonly url: string; readonly port: number }
  | { readonly type: 'not_listening'; readonly code: string; readonly message: string }
  | { readonly type: 'ask'; readonly id: number; readonly question: Question }
  | { readonly type: 'closed' };

export type Question =
  | { readonly about: 'readiness' }
  | { readonly about: 'health' }
  | { readonly about: 'metrics'; readonly accept: string };

/** To the thread. */
export type MainMessage =
  | { readonly type: 'answer'; readonly id: number; readonly answer: Reply }
  /** Unasked, whenever the health has changed. */
  | { readonly type: 'health'; readonly report: HealthReport }
  /** Unasked, once, so that there is something to show when it is asked for during a stall. */
  | { readonly type: 'metrics'; readonly answer: MetricsAnswer }
  /** Not ready from now on. */
  | { readonly type: 'stopping' }
  | { readonly type: 'close'; readonly drainMs: number };

export type Reply =
  | { readonly about: 'readiness'; readonly readiness: Readiness }
  | { readonly about: 'health'; readonly report: HealthReport }
  | { readonly about: 'metrics'; readonly answer: MetricsAnswer };
