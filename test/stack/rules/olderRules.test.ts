import { beforeAll, describe } from 'vitest';
import { debianProgram } from '../programs/debian.js';
import { everyAlertIsProved } from './harness/everyAlert.js';

// The same under Debian's promtool (2.42), whose ranges include their beginning.

let promtool = '';
beforeAll(async () => {
  promtool = await debianProgram('prometheus', 'promtool');
});

describe('alerts under an old Prometheus', () => {
  everyAlertIsProved(() => promtool);
});
