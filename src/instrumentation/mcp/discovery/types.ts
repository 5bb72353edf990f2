/** What is done with what discovery finds. Each class and function is given once, whatever the number of ways it is found. */
export interface SdkAdopter {
  /** A copy's `Protocol.prototype`: everything that connects inherits from it. */
  protocolClass(prototype: object): void;
  /** A copy's `Client.prototype`, which may speak before it connects. */
  clientClass(prototype: object): void;
  mcpServerClass(prototype: object): void;
  /** Of servers and of clients. */
  stdioTransportClass(prototype: object): void;
  /** A copy's `createMcpHandler`; what is returned takes its place. */
  handlerFactory(factory: HandlerFactory): HandlerFactory;
}

export type HandlerFactory = (this: unknown, ...args: unknown[]) => unknown;

/** One copy of an SDK in one of its two formats. */
export interface FoundSdk {
  /** For instance `@modelcontextprotocol/sdk`; `bundled` for a copy that a bundler has put into another file. */
  readonly package: string;
  /** `unknown` for bundles, and if its package.json cannot be read. */
  readonly version: string;
  readonly format: 'esm' | 'cjs';
  /** The package's folder; the file of a bundle. */
  readonly path: string;
  /** `loaded`: it was there before us. `load hook`: it came later; bundles are listed once they make a server or client. */
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
  /** Why an SDK that is in use has not been found, in words for the user; `undefined` once one was, and where nothing speaks for one. */
  unseen(): string | undefined;
  /** Stops looking, and puts back the factories that were replaced. */
  stop(): void;
}
