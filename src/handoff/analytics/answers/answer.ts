import type { AnalyticsService } from '../analyticsService.js';
import type { TimeUnit } from '../ranges/timeZone.js';
import { defaultGranularity } from '../reports/options.js';
import { analyticsTypes, isRanged } from './analyticsTypes.js';
import type { AnalyticsType } from './analyticsTypes.js';
import { plainAnswer } from './plainAnswer.js';
import { inTermsOfRequest, readRequest, refuseRange } from './request.js';
import type { AnalyticsRequest } from './request.js';

/** A report as JSON holds it. */
export interface AnalyticsAnswer {
  readonly type: AnalyticsType;
  /** Size of the parts of its series; absent where there are none. */
  readonly granularity?: TimeUnit;
  /** The members of the report. */
  readonly [member: string]: unknown;
}

/** Answers one question. Rejects with `TimeRangeError`, in terms of the request. */
export function answerTo(
  service: AnalyticsService,
  type: AnalyticsType,
  request: AnalyticsRequest,
  nowMs: number,
): Promise<AnalyticsAnswer> {
  return inTermsOfRequest(async () => {
    if (!isRanged(type)) {
      refuseRange(type, request);
      return { type, ...(plainAnswer(await analyticsTypes[type].now(service)) as object) };
    }
    const query = readRequest(request, nowMs);
    const report = await analyticsTypes[type].answer(service, query);
    return { type, granularity: query.granularity ?? defaultGranularity(query), ...(plainAnswer(report) as object) };
  });
}
