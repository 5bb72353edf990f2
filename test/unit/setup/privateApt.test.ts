import { expect, test } from 'vitest';
import { firstAlternatives } from '../../setup/privateApt.js';

test('dependencies are read from apt-cache: first alternative, no virtual package, no architecture', () => {
  const output = [
    'redis-tools',
    '  Depends: libatomic1',
    '  PreDepends: libssl3:amd64',
    ' |Depends: libsystemd0',
    '  Depends: libelogind0',
    '  Depends: <debconf-2.0>',
    '  Suggests: ruby-redis',
    'libatomic1',
    '  Depends: gcc-12-base',
  ].join('\n');
  expect(firstAlternatives(output)).toEqual(['libatomic1', 'libssl3', 'libsystemd0', 'gcc-12-base']);
});
