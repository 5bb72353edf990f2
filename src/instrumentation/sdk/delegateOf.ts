/** Returns the provider that is registered: the API wraps providers in proxies that hide everything but their three standard methods. */
export function delegateOf(provider: object): unknown {
  const getDelegate: unknown = Reflect.get(provider, 'getDelegate') ?? Reflect.get(provider, '_getDelegate');
  return typeof getDelegate === 'function' ? Reflect.apply(getDelegate, provider, []) : provider;
}
