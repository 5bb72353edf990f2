/** Instrumentation scope of everything this package emits itself. The version is pinned to package.json's by a test. */
export const SCOPE_NAME = 'handoff-otel';
export const PACKAGE_VERSION = '0.1.0';
