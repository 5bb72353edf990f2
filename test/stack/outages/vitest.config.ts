import { defineConfig } from 'vitest/config';
import { suite } from './suite.js';

/** Outages of some seconds, for CI. */
export default defineConfig(suite({ outageSeconds: 6 }));
