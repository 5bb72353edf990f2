import { expect, it, vi } from 'vitest';
import { patchLoaded } from '../../../../src/providers/patching/latePatch.js';
import type { PatchingInstrumentation } from '../../../../src/providers/patching/latePatch.js';
import { loadedPackages } from '../../../../src/providers/patching/loadedPackages.js';
import { fakePackages } from './fakePackages.js';

function instrumentationOf(name: string) {
  const patch = vi.fn((exports: unknown) => exports);
  const unpatch = vi.fn();
  const definition = { name, supportedVersions: ['>=2.0.0 <4'], files: [], patch, unpatch };
  return { patch, unpatch, instrumentation: { getModuleDefinitions: () => [definition] } as unknown as PatchingInstrumentation };
}

it('patches every loaded copy of a supported version, and restores each', () => {
  using packages = fakePackages();
  const second = packages.load('fake-client', '2.5.0', 'module.exports = { copy: 2 };');
  const third = packages.load('fake-client', '3.0.0', 'module.exports = { copy: 3 };');
  packages.load('fake-client', '4.0.0', 'module.exports = { copy: 4 };');
  packages.load('fake-client-extras', '3.0.0', 'module.exports = {};');
  const { patch, unpatch, instrumentation } = instrumentationOf('fake-client');
  const restore = patchLoaded(instrumentation, () => false);
  expect(patch.mock.calls).toEqual([[second, '2.5.0'], [third, '3.0.0']]);
  restore();
  restore();
  expect(unpatch.mock.calls).toEqual([[second, '2.5.0'], [third, '3.0.0']]);
});

it('leaves alone what somebody has patched already', () => {
  using packages = fakePackages();
  packages.load('fake-client', '3.0.0', 'module.exports = {};');
  const { patch, instrumentation } = instrumentationOf('fake-client');
  patchLoaded(instrumentation, () => true)();
  expect(patch).not.toHaveBeenCalled();
});

it('finds scoped packages, and nothing for one that is not loaded', () => {
  using packages = fakePackages();
  packages.load('@fake/client', '1.2.3', 'module.exports = { a: 1 };');
  expect(loadedPackages('@fake/client')).toMatchObject([{ version: '1.2.3', exports: { a: 1 } }]);
  expect(loadedPackages('fake-absent')).toEqual([]);
});
