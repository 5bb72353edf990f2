import { register } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Subject } from '../subject.js';
import { PEER_FOLDERS } from './peerModules.js';

/** How a package is set up in a module that runs before an unchanged program. */
export async function openPreloaded(name: string): Promise<Subject> {
  switch (name) {
    case 'ours': {
      const { openOursPreloaded } = await import('./oursPreloaded.js');
      return openOursPreloaded();
    }
    case 'autotel':
      return (await import('./autotel.js')).openAutotel();
    case 'sentry': {
      // "ESM": node --import @sentry/node/import, which its integrations then hear from.
      const hook = pathToFileURL(join(PEER_FOLDERS.sentry, 'node_modules/@sentry/node/build/import-hook.mjs')).href;
      await import(hook);
      return (await import('./sentry.js')).openSentry({ wraps: false });
    }
    case 'shinzo':
      return (await import('./shinzo.js')).openShinzo();
    case 'traceloop':
      // What OpenTelemetry documents for ES modules; for CommonJS it is not needed.
      register('@opentelemetry/instrumentation/hook.mjs', pathToFileURL(join(PEER_FOLDERS.traceloop, 'package.json')));
      return (await import('./traceloop.js')).openTraceloop();
    case 'openinference':
      // Its README: nothing happens by itself, the module is handed over. That can be done here as well as in the program.
      return (await import('./openinference.js')).openOpeninference({ stdio: true });
    default:
      throw new Error(`no set-up before a program for ${name}`);
  }
}
