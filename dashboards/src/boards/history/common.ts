import { boards } from '../../boardList.js';
import { linkTo, toLifecycle } from '../../panels/links.js';
import { count } from '../../rollups/sql.js';

/** Panels of rollups lead to what is measured now, and to whether rollups run. */
export const common = {
  links: [linkTo(boards.business), toLifecycle],
  empty: 'Nothing is rolled up in this range',
} as const;

export const accepted = count('handoffs', 'accepted');
/** Of all handoffs that were decided. */
export const decided = [accepted, count('handoffs', 'rejected'), count('handoffs', 'timed_out')] as const;
