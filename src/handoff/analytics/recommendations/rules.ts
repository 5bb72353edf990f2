import type { Rule } from './rule.js';
import { alertTooLoose } from './rules/alertTooLoose.js';
import { alertTooTight } from './rules/alertTooTight.js';
import { cacheTooSmall } from './rules/cacheTooSmall.js';
import { deadRows } from './rules/deadRows.js';
import { handoffsCircle } from './rules/handoffsCircle.js';
import { handoffsRejected } from './rules/handoffsRejected.js';
import { handoffsTimeOut } from './rules/handoffsTimeOut.js';
import { indexInvalid } from './rules/indexInvalid.js';
import { indexMissing } from './rules/indexMissing.js';
import { poolSaturated } from './rules/poolSaturated.js';
import { sessionsStayDormant } from './rules/sessionsStayDormant.js';
import { sessionsWakeOften } from './rules/sessionsWakeOften.js';
import { statementSlow } from './rules/statementSlow.js';
import { statementSpills } from './rules/statementSpills.js';
import { storageNearLimit } from './rules/storageNearLimit.js';

/** All of them. The order is that of recommendations of the same severity. */
export const rules: readonly Rule[] = [
  storageNearLimit,
  indexMissing,
  indexInvalid,
  statementSlow,
  statementSpills,
  deadRows,
  poolSaturated,
  cacheTooSmall,
  handoffsTimeOut,
  handoffsRejected,
  handoffsCircle,
  sessionsStayDormant,
  sessionsWakeOften,
  alertTooTight,
  alertTooLoose,
];
