import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { retentionCommand } from '../../../../../src/handoff/analytics/recommendations/retentionChange.js';

it('a plain name stands in the command as it is', () => {
  expect(retentionCommand('long-term_2.0', '--active-hours', 48)).toBe(
    'handoff-otel retention set --policy long-term_2.0 --active-hours 48',
  );
});

it.each(['two words', "it's", '$(touch owned); `id` && x', '-by me', '*', 'größer "x"', 'a\nb'])(
  'a shell takes the name %j as one word',
  (name) => {
    const script = `handoff-otel() { printf '%s\\0' "$@"; }\n${retentionCommand(name, '--active-hours', 48)}`.replaceAll(
      'handoff-otel',
      'handoff_otel',
    );
    const { stdout } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
    expect(stdout.split('\0')).toEqual(['retention', 'set', `--policy=${name}`, '--active-hours', '48', '']);
  },
);
