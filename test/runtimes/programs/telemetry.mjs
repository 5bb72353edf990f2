import { instrument } from 'handoff-otel';

instrument();
