import type { Installation } from './install.js';
import type { Era, Request } from './exchange.js';
import type { Start } from './program.js';

/** What a program may be given beside its package; each test file has its own. */
export interface Surroundings {
  readonly installation: Installation;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** An empty folder with one file, `a.txt`. */
  readonly folder: string;
  /** A free port, another one for each run. */
  readonly port: number;
  /** Base URL of a local web server that answers whatever is asked with one small JSON object. */
  readonly webUrl: string;
  /** Differs between the runs: for names that must not be used twice. */
  readonly runName: string;
  /** Command of a small stdio server of another package, for programs that stand between a client and a server. */
  readonly behind: readonly string[];
}

/** A published server and what is asked of it. */
export interface Subject {
  /** Folder of `packages/`. */
  readonly packages: string;
  /** The package as npm knows it. */
  readonly name: string;
  /** Which SDK serves the calls: its package, whose version is reported, or a sentence when it is not a package. */
  readonly sdk: string;
  readonly generation: 'v1' | 'v2' | 'v1 and v2';
  readonly format: 'ESM' | 'CJS' | 'CJS, SDK bundled';
  readonly transport: 'stdio' | 'http';
  readonly start: (surroundings: Surroundings) => Start;
  /** Default `with initialize`. */
  readonly era?: Era;
  /** For HTTP: path of the endpoint. Default `/mcp`. */
  readonly path?: string;
  /** It is a client as well: each `tools/call` must have one CLIENT span beneath its SERVER span. */
  readonly callsOn?: boolean;
  /** It makes MCP spans of its own. Ours must then not be a second one. */
  readonly hasOwnSpans?: boolean;
  /** Sent after `tools/list`. */
  readonly requests: (surroundings: Surroundings) => readonly Request[];
  /** Takes out of a text what differs from run to run by nature, such as times. */
  readonly steady?: (text: string) => string;
}
