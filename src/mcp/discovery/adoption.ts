import { errorMessage } from '../../errors/classify.js';
import type { LoadedModule } from '../../modules/loadWatch.js';
import { packageOfUrl } from './sdkFiles.js';
import { handlerFactory, mcpServerPrototype, protocolPrototype, stdioTransportPrototype } from './shapes.js';
import type { FoundSdk, HandlerFactory, SdkAdopter } from './types.js';

/** Takes what modules of an SDK hand over, passes each class and function on once, and keeps the list of copies. */
export class Adoption {
  readonly #adopt: SdkAdopter;
  readonly #report: (line: string) => void;
  readonly #known = new WeakSet<object>();
  readonly #copies = new Map<string, FoundSdk>();
  #isStopped = false;

  constructor(adopt: SdkAdopter, report: (line: string) => void) {
    this.#adopt = adopt;
    this.#report = report;
  }

  copies(): readonly FoundSdk[] {
    return [...this.#copies.values()];
  }

  stop(): void {
    this.#isStopped = true;
  }

  take(module: LoadedModule, foundBy: FoundSdk['foundBy']): void {
    if (this.#isStopped) return;
    const { Protocol, McpServer, StdioServerTransport, createMcpHandler } = module.values;
    const adopted = [
      this.#takeNew(protocolPrototype(Protocol), (prototype) => this.#adopt.protocolClass(prototype)),
      this.#takeNew(mcpServerPrototype(McpServer), (prototype) => this.#adopt.mcpServerClass(prototype)),
      this.#takeNew(stdioTransportPrototype(StdioServerTransport), (prototype) => this.#adopt.stdioTransportClass(prototype)),
      this.#takeNew(handlerFactory(createMcpHandler), (factory) => this.#replaceFactory(factory, module)),
    ];
    if (adopted.includes(true)) this.#note(module, foundBy);
  }

  #takeNew<T extends object>(found: T | undefined, adopt: (found: T) => void): boolean {
    if (found === undefined || this.#known.has(found)) return false;
    this.#known.add(found);
    try {
      adopt(found);
    } catch (error) {
      // We are inside the host's import: one class that cannot be patched must not cost it the others.
      this.#report(`A class of an MCP SDK is not covered: ${errorMessage(error)}.`);
      return false;
    }
    return true;
  }

  #replaceFactory(original: HandlerFactory, module: LoadedModule): void {
    const adopted = this.#adopt.handlerFactory(original);
    const isStopped = (): boolean => this.#isStopped;
    const replacement: HandlerFactory = function createMcpHandler(...args) {
      return Reflect.apply(isStopped() ? original : adopted, this, args);
    };
    Object.defineProperty(replacement, 'length', { value: original.length, configurable: true });
    // Found again as an export, it must not be wrapped once more.
    this.#known.add(replacement);
    module.replace('createMcpHandler', replacement);
  }

  #note({ url, format }: LoadedModule, foundBy: FoundSdk['foundBy']): void {
    const found = packageOfUrl(url);
    if (found === undefined) return;
    const key = `${format} ${found.root}`;
    if (this.#copies.has(key)) return;
    this.#copies.set(key, { package: found.name, version: found.version, format, path: found.root, foundBy });
  }
}
