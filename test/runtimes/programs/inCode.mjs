import { instrument } from 'handoff-otel';
import { serve } from './serve.mjs';

instrument();
serve();
