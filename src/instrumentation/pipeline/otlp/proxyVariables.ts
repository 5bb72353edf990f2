const NAMES = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY'] as const;

/** For the option `proxyEnv` of Node's agents. */
export type ProxyVariables = Readonly<Partial<Record<(typeof NAMES)[number], string>>>;

/**
 * Returns the variables in which Node's own requests find their proxy, if they use one at all: with `NODE_USE_ENV_PROXY=1`,
 * `--use-env-proxy` or `http.setGlobalProxyFromEnv()`. They are read from the global agent, where Node itself keeps them, so
 * that our requests take the same route as all others. A Node version that cannot use a proxy for its own requests has nothing
 * there.
 */
export function proxyVariables(): ProxyVariables | undefined {
  const { globalAgent } = process.getBuiltinModule('node:http');
  // A host may have replaced the global agent with anything.
  const given = (globalAgent as { readonly options?: { readonly proxyEnv?: Readonly<Record<string, string | undefined>> } } | undefined)
    ?.options?.proxyEnv;
  if (given === undefined) return undefined;
  return Object.fromEntries(NAMES.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])));
}
