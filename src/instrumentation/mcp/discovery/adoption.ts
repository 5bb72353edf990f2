import { errorMessage } from '../../../errors/classify.js';
import type { MarkedClass } from '../../loading/fieldMarks.js';
import type { LoadedModule } from '../../loading/loadWatch.js';
import { packageOfUrl } from './sdkFiles.js';
import {
  clientPrototype,
  handlerFactory,
  mcpServerAbove,
  mcpServerPrototype,
  protocolAbove,
  protocolPrototype,
  stdioTransportPrototype,
} from './shapes.js';
import type { FoundSdk, HandlerFactory, SdkAdopter } from './types.js';

/** Takes what an SDK's modules export, passes each class and function on once, and keeps the list of copies. */
export class Adoption {
  readonly #adopt: SdkAdopter;
  readonly #report: (line: string) => void;
  readonly #known = new WeakSet<object>();
  readonly #copies = new Map<string, FoundSdk>();
  readonly #putBack: (() => void)[] = [];
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
    for (const putBack of this.#putBack.splice(0)) putBack();
  }

  take(module: LoadedModule, foundBy: FoundSdk['foundBy']): void {
    if (this.#isStopped) return;
    const { Protocol, Client, McpServer, StdioServerTransport, StdioClientTransport, createMcpHandler } = module.values;
    const adopted = [
      this.#takeNew(protocolPrototype(Protocol), (prototype) => this.#adopt.protocolClass(prototype)),
      this.#takeNew(clientPrototype(Client), (prototype) => this.#adopt.clientClass(prototype)),
      this.#takeNew(mcpServerPrototype(McpServer), (prototype) => this.#adopt.mcpServerClass(prototype)),
      this.#takeNew(stdioTransportPrototype(StdioServerTransport), (prototype) => this.#adopt.stdioTransportClass(prototype)),
      this.#takeNew(stdioTransportPrototype(StdioClientTransport), (prototype) => this.#adopt.stdioTransportClass(prototype)),
      this.#takeNew(handlerFactory(createMcpHandler), (factory) => this.#replaceFactory(factory, module)),
    ];
    if (adopted.includes(true)) this.#note(module, foundBy);
  }

  /** Takes a bundled class, from within the constructor of its first instance: that has not connected yet. */
  takeBundled({ prototype, file }: MarkedClass): void {
    if (this.#isStopped) return;
    const adopted = [
      this.#takeNew(protocolAbove(prototype), (found) => this.#adopt.protocolClass(found)),
      this.#takeNew(mcpServerAbove(prototype), (found) => this.#adopt.mcpServerClass(found)),
    ];
    if (!adopted.includes(true)) return;
    const { path, format } = file ?? { path: 'unknown', format: 'cjs' };
    this.#list({ package: 'bundled', version: 'unknown', format, path, foundBy: 'load hook' });
  }

  #takeNew<T extends object>(found: T | undefined, adopt: (found: T) => void): boolean {
    if (found === undefined || this.#known.has(found)) return false;
    this.#known.add(found);
    try {
      adopt(found);
    } catch (error) {
      // We are inside the host's import or constructor: one class that cannot be patched must not prevent the others.
      this.#report(`A class of an MCP SDK cannot be instrumented: ${errorMessage(error)}.`);
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
    // When it is found again as an export, it must not be wrapped a second time.
    this.#known.add(replacement);
    if (module.replace('createMcpHandler', replacement)) this.#putBack.push(() => void module.replace('createMcpHandler', original));
  }

  #note({ url, format }: LoadedModule, foundBy: FoundSdk['foundBy']): void {
    const found = packageOfUrl(url);
    if (found === undefined) return;
    this.#list({ package: found.name, version: found.version, format, path: found.root, foundBy });
  }

  #list(copy: FoundSdk): void {
    const key = `${copy.format} ${copy.path}`;
    if (!this.#copies.has(key)) this.#copies.set(key, copy);
  }
}
