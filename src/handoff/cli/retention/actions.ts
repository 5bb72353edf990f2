import type { Action } from './action.js';
import { listPolicies, removePolicy, setPolicy } from './policyActions.js';
import { report } from './reportAction.js';
import { rules } from './ruleActions.js';
import { assignPolicy, erase, hold, release } from './sessionActions.js';

/** By the word after `retention`. */
export const actions: Readonly<Record<string, Action>> = {
  list: listPolicies,
  set: setPolicy,
  remove: removePolicy,
  rules,
  assign: assignPolicy,
  hold,
  release,
  erase,
  report,
};
