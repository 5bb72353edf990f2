import type { EmbeddedOptions } from '../../../../../src/handoff/storage/embedded/options.js';

export type Order =
  | { readonly do: 'open'; readonly dataDir: string; readonly options?: Omit<EmbeddedOptions, 'dataDir'> }
  | { readonly do: 'role' | 'close' }
  | { readonly do: 'sql'; readonly text: string; readonly values?: readonly unknown[] }
  | { readonly do: 'write'; readonly writer: string; readonly from: number; readonly to: number; readonly atOnce: number }
  | { readonly do: 'holdTransaction'; readonly writer: string };

export type Command = Order & { readonly id: number };

export type Reply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: { readonly code: string; readonly message: string } }
  | { readonly progress: number };
