const NAMES = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY'] as const;

/** For the option `proxyEnv` of Node's agents. */
export type ProxyVariables = Readonly<Partial<Record<(typeof NAMES)[number], string>>>;

/**
 * The variables by which Node's own requests find their proxy, if they use one at all: with `NODE_USE_ENV_PROXY=1`,
 * `--use-env-proxy` or `http.setGlobalProxyFromEnv()`. Asked of the global agent, which is where Node itself keeps the answer, so that
 * what leaves here goes the way of everything else. A Node that cannot do it for its own requests says nothing there.
 */
export function proxyVariables(): ProxyVariables | undefined {
  const { globalAgent } = process.getBuiltinModule('node:http');
  // A host may have put anything in the place of the global agent.
  const given = (globalAgent as { readonly options?: { readonly proxyEnv?: Readonly<Record<string, string | undefined>> } } | undefined)
    ?.options?.proxyEnv;
  if (given === undefined) return undefined;
  return Object.fromEntries(NAMES.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])));
}
