/** What is done with what discovery finds. Each class and function is given once, whatever the number of ways it is found. */
export interface SdkAdopter {
  /** A copy's `Protocol.prototype`: everything that connects inherits from it. */
  protocolClass(prototype: object): void;
  mcpServerClass(prototype: object): void;
  stdioTransportClass(prototype: object): void;
  /** A copy's `createMcpHandler`; what is returned takes its place. */
  handlerFactory(factory: HandlerFactory): HandlerFactory;
}

export type HandlerFactory = (this: unknown, ...args: unknown[]) => unknown;

/** One copy of an SDK package in one of its two formats. */
export interface FoundSdk {
  /** For instance `@modelcontextprotocol/sdk`. */
  readonly package: string;
  /** `unknown` if its package.json cannot be read. */
  readonly version: string;
  readonly format: 'esm' | 'cjs';
  /** The package's folder. */
  readonly path: string;
  /** `loaded`: it was there before us. `load hook`: it came later. */
  readonly foundBy: 'loaded' | 'load hook';
}

export interface DiscoveryIo {
  /** The program that runs, `process.argv[1]`. */
  readonly mainScript: string | undefined;
  readonly cwd: string;
  /** As in `process.versions.node`. */
  readonly nodeVersion: string;
  /** Told in plain text of what discovery cannot do here. Never of what it finds. */
  readonly report: (line: string) => void;
}

export interface SdkDiscovery {
  /** What was found up to now. */
  copies(): readonly FoundSdk[];
  /** Stops looking. Factories that were replaced go straight to the original from now on. */
  stop(): void;
}
