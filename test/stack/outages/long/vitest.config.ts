import { defineConfig } from 'vitest/config';
import { suite } from '../suite.js';

/** Outages of a minute. */
export default defineConfig(suite({ outageSeconds: 60 }));
