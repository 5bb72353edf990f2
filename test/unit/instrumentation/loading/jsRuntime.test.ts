import { expect, it } from 'vitest';
import { jsRuntimeOf } from '../../../../src/instrumentation/loading/jsRuntime.js';

it.each([
  [
    { node: '24.21.0', v8: '13' },
    { name: 'node', version: '24.21.0', nodeVersion: '24.21.0' },
  ],
  [
    { node: '26.3.0', bun: '1.4.5' },
    { name: 'bun', version: '1.4.5', nodeVersion: '26.3.0' },
  ],
  [
    { node: '26.3.0', deno: '2.9.6' },
    { name: 'deno', version: '2.9.6', nodeVersion: '26.3.0' },
  ],
  [{}, { name: 'node', version: '0.0.0', nodeVersion: '0.0.0' }],
])('reads %j', (versions, runtime) => {
  expect(jsRuntimeOf(versions)).toEqual(runtime);
});
