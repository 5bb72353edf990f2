// As in Next's documentation: runs once when the server starts, in Node only.
export async function register(): Promise<void> {
  if (process.env['NEXT_RUNTIME'] !== 'nodejs') return;
  const { instrument } = await import('handoff-otel');
  instrument({ serviceName: 'next-app', exitHooks: false });
}
