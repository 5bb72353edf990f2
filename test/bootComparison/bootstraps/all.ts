import { autotel } from './autotel.js';
import type { Bootstrap } from './bootstrap.js';
import { dash0 } from './dash0.js';
import { edot } from './edot.js';
import { nodesdk } from './nodesdk.js';
import { ours } from './ours.js';
import { sentry } from './sentry.js';
import { splunk } from './splunk.js';

/** In the order of the columns. */
export const bootstraps: readonly Bootstrap[] = [ours, edot, splunk, dash0, autotel, sentry, nodesdk];
