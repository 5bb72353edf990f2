/** How one of our installed SDK builds is loaded: specifier per name. Loading all of them gives a working server and client. */
export interface SdkBuild {
  readonly title: string;
  readonly format: 'module' | 'commonjs';
  readonly names: Readonly<Record<string, string>>;
  /** `Protocol` classes there are: v2 carries one in the server's and one in the client's package. */
  readonly protocols: number;
  readonly hasFactory: boolean;
}

const V1 = {
  McpServer: '@modelcontextprotocol/sdk/server/mcp.js',
  Client: '@modelcontextprotocol/sdk/client/index.js',
  InMemoryTransport: '@modelcontextprotocol/sdk/inMemory.js',
  StdioServerTransport: '@modelcontextprotocol/sdk/server/stdio.js',
};
const V2 = {
  McpServer: '@modelcontextprotocol/server',
  createMcpHandler: '@modelcontextprotocol/server',
  InMemoryTransport: '@modelcontextprotocol/server',
  Client: '@modelcontextprotocol/client',
  StdioServerTransport: '@modelcontextprotocol/server/stdio',
};

export const SDK_BUILDS: readonly SdkBuild[] = [
  { title: 'v1 ESM', format: 'module', names: V1, protocols: 1, hasFactory: false },
  { title: 'v1 CommonJS', format: 'commonjs', names: V1, protocols: 1, hasFactory: false },
  { title: 'v2 ESM', format: 'module', names: V2, protocols: 2, hasFactory: true },
  { title: 'v2 CommonJS', format: 'commonjs', names: V2, protocols: 2, hasFactory: true },
];

const OBSERVER = './test/integration/instrumentation/mcp/discovery/fixtures/observer.mjs';

/** `hoisted`: as the first statements of the file. `later`: when the program runs already. */
export function loadingCode({ format, names }: SdkBuild, when: 'hoisted' | 'later'): string {
  return Object.entries(names)
    .map(([name, specifier]) => {
      if (format === 'commonjs') return `const { ${name} } = require('${specifier}');`;
      return when === 'hoisted' ? `import { ${name} } from '${specifier}';` : `const { ${name} } = await import('${specifier}');`;
    })
    .join('\n');
}

export function observerCode({ format }: SdkBuild): string {
  return format === 'module'
    ? `import { observe, stop, tell, callTool } from '${OBSERVER}';`
    : `const { observe, stop, tell, callTool } = require('${OBSERVER}');`;
}

/** Calls a tool, makes a handler where the build has them, and tells what was adopted by then. */
export function usingCode({ hasFactory }: SdkBuild): string {
  const handler = hasFactory ? `createMcpHandler(() => new McpServer({ name: 'n', version: '1' }));` : '';
  return `${handler} void callTool({ McpServer, Client, InMemoryTransport }).then((answer) => tell({ answer }));`;
}
