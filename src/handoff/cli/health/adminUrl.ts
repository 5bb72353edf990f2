/** Address of `/health` on an admin port, as seen from its own machine or container. */
export function adminUrl(host: string, port: number): URL {
  // Who listens on every address listens on loopback too.
  const reached = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return new URL(`http://${reached.includes(':') ? `[${reached}]` : reached}:${port}/health`);
}
