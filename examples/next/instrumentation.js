// Next calls `register` once, before it serves anything; the name and place of this file are Next's.
export async function register() {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { instrument } = await import('handoff-otel');
  instrument({ serviceName: 'dice-next' });
}
