// The parts of the handoff server, bundled with the packages it needs.
import { handoffServerFactory, serveHandoffHttp } from 'handoff-otel/server';
import './services.mjs';

if (typeof handoffServerFactory !== 'function' || typeof serveHandoffHttp !== 'function') throw new Error('handoff-otel/server is empty');
