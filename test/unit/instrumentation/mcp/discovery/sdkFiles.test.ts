import { describe, expect, it } from 'vitest';
import { SDK_PATTERN, packageOf, packageOfUrl } from '../../../../../src/instrumentation/mcp/discovery/sdkFiles.js';

describe('SDK_PATTERN', () => {
  it.each([
    'file:///app/node_modules/@modelcontextprotocol/sdk/dist/esm/shared/protocol.js',
    'file:///app/node_modules/@modelcontextprotocol/sdk/dist/shared/protocol.js',
    'file:///app/node_modules/.pnpm/@modelcontextprotocol+sdk@1.0.1/node_modules/@modelcontextprotocol/sdk/dist/cjs/server/mcp.js',
    'file:///C:/app/node_modules/@modelcontextprotocol/server/dist/src-BvE2tDzk.cjs',
    '/app/node_modules/@modelcontextprotocol/client/dist/index.mjs',
  ])('matches %s', (url) => {
    expect(SDK_PATTERN.files.test(url)).toBe(true);
  });

  it.each([
    'file:///app/node_modules/@modelcontextprotocol/server-filesystem/dist/index.js',
    'file:///app/node_modules/@modelcontextprotocol/sdk/node_modules/zod/index.js',
    'file:///app/node_modules/@modelcontextprotocol/sdk/dist/esm/types.json',
    'file:///app/src/modelcontextprotocol/protocol.js',
    'node:fs',
  ])('does not match %s', (url) => {
    expect(SDK_PATTERN.files.test(url)).toBe(false);
  });
});

describe('the package of a file', () => {
  it.each([
    [
      '/app/node_modules/@modelcontextprotocol/sdk/dist/esm/x.js',
      '/app/node_modules/@modelcontextprotocol/sdk',
      '@modelcontextprotocol/sdk',
    ],
    ['/a/node_modules/@modelcontextprotocol/client', '/a/node_modules/@modelcontextprotocol/client', '@modelcontextprotocol/client'],
    [
      'C:\\a\\node_modules\\@modelcontextprotocol\\server\\dist\\x.mjs',
      'C:\\a\\node_modules\\@modelcontextprotocol\\server',
      '@modelcontextprotocol/server',
    ],
    [
      '/deno/npm/registry.npmjs.org/@modelcontextprotocol/server/2.4.0/dist/index.mjs',
      '/deno/npm/registry.npmjs.org/@modelcontextprotocol/server/2.4.0',
      '@modelcontextprotocol/server',
    ],
  ])('%s', (path, root, name) => {
    expect(packageOf(path)).toEqual({ root, name, version: 'unknown' });
  });

  it('is none elsewhere', () => {
    expect([packageOf('/app/src/x.js'), packageOfUrl('data:text/javascript,1'), packageOfUrl('file:///app/x.js')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('has the version of its package.json', () => {
    const found = packageOfUrl(import.meta.resolve('@modelcontextprotocol/sdk/types.js'));
    expect(found).toMatchObject({ name: '@modelcontextprotocol/sdk', version: '1.32.2' });
  });
});
