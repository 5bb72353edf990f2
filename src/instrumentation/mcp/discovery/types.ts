import type { JsRuntime } from '../../loading/jsRuntime.js';

/** Receives what discovery finds. Each class and function is passed once, in however many ways it is found. */
export interface SdkAdopter {
  /** A copy's `Protocol.prototype`: everything that connects inherits from it. */
  protocolClass(prototype: object): void;
  /** A copy's `Client.prototype`, whose instances may send messages before they connect. */
  clientClass(prototype: object): void;
  mcpServerClass(prototype: object): void;
  /** The prototype of a stdio transport, of servers or of clients. */
  stdioTransportClass(prototype: object): void;
  /** A copy's `createMcpHandler`; the returned function takes its place. */
  handlerFactory(factory: HandlerFactory): HandlerFactory;
}

export type HandlerFactory = (this: unknown, ...args: unknown[]) => unknown;

/** One copy of an SDK, in one of its two formats. */
export interface FoundSdk {
  /** The package name, for instance `@modelcontextprotocol/sdk`; `bundled` for a copy that a bundler has put into another file. */
  readonly package: string;
  /** The package version; `unknown` for bundles, and if package.json cannot be read. */
  readonly version: string;
  readonly format: 'esm' | 'cjs';
  /** The package's folder, or the file of a bundle. */
  readonly path: string;
  /** `loaded`: it was loaded before us. `load hook`: it was loaded later; bundles are listed once they create a server or client. */
  readonly foundBy: 'loaded' | 'load hook';
}

export interface DiscoveryIo {
  /** The program that is running, `process.argv[1]`. */
  readonly mainScript: string | undefined;
  readonly cwd: string;
  readonly runtime: JsRuntime;
  /** Called with plain text about what discovery cannot do here, never about what it finds. */
  readonly report: (line: string) => void;
}

export interface SdkDiscovery {
  /** Returns the copies found so far. */
  copies(): readonly FoundSdk[];
  /** Returns why an SDK that is in use has not been found, in words for the user; `undefined` once one was, or if nothing suggests one. */
  unseen(): string | undefined;
  /** Stops looking and restores the factories that were replaced. */
  stop(): void;
}
