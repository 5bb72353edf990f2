// The parts of the handoff server, with the packages it needs in the bundle.
import { handoffServerFactory, serveHandoffHttp } from 'handoff-otel/server';
import './services.mjs';

if (typeof handoffServerFactory !== 'function' || typeof serveHandoffHttp !== 'function') throw new Error('handoff-otel/server is empty');
