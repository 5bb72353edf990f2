import type { ProcessEnd } from '../../setup/serverProcess.js';
import { openings } from './exchange.js';
import type { Conversation } from './exchange.js';
import { runOverHttp } from './httpRun.js';
import { install } from './install.js';
import type { TelemetryTarget } from './program.js';
import { runOverStdio } from './stdioRun.js';
import type { Subject } from './subject.js';
import type { World } from './surroundings.js';

/** One run of a subject. */
export interface Played {
  readonly title: string;
  readonly sdk: string;
  readonly conversation: Conversation;
  /** Answers, and in any order what the server sent by itself, without what differs from run to run. */
  readonly steadyWire: unknown;
  readonly stdout: readonly string[];
  readonly steadyStdout: readonly string[];
  readonly end: ProcessEnd;
}

/** What a server sends by itself carries the trace it belongs to: the one thing we add to the wire. */
function withoutTraceContext(text: string): string {
  if (!text.startsWith('{"') || !text.includes('"traceparent"')) return text;
  const { params, ...message } = JSON.parse(text) as { readonly params?: { readonly _meta?: Readonly<Record<string, unknown>> } };
  const { _meta: meta = {}, ...rest } = params ?? {};
  const kept = Object.entries(meta).filter(([key]) => key !== 'traceparent');
  const left = { ...rest, ...(kept.length === 0 ? {} : { _meta: Object.fromEntries(kept) }) };
  return JSON.stringify({ ...message, ...(Object.keys(left).length === 0 ? {} : { params: left }) });
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

export async function play(subject: Subject, world: World, telemetry?: TelemetryTarget): Promise<Played> {
  const installation = await install(subject.packages);
  const surroundings = await world.surround(installation);
  const start = subject.start(surroundings);
  const era = subject.era ?? 'with initialize';
  const script = { era, requests: [...openings[era], ...subject.requests(surroundings)] };
  const url = `http://127.0.0.1:${surroundings.port}${subject.path ?? '/mcp'}`;
  const { conversation, stdout, end } =
    subject.transport === 'stdio' ? await runOverStdio(start, script, telemetry) : await runOverHttp(start, url, script, telemetry);
  // A port may have the digits of an error code (-32601), which stays.
  const port = new RegExp(`(?<![\\d-])${surroundings.port}(?!\\d)`, 'g');
  const steady = (text: string): string =>
    (subject.steady ?? String)(withoutTraceContext(text)).replaceAll(UUID, 'UUID').replaceAll(port, 'PORT');
  return {
    title: `${subject.name} ${installation.versionOf(subject.name)}`,
    sdk: `${subject.generation} ${installation.versionOf(subject.sdk)}`,
    conversation,
    steadyWire: {
      answers: conversation.exchanges.map(({ id, answer }): unknown => [id, JSON.parse(steady(JSON.stringify(answer)))]),
      unasked: conversation.unasked.map((message) => steady(JSON.stringify(message))).sort(),
      session: conversation.sessionId !== undefined,
    },
    stdout,
    // Notifications are sent when they are ready: their place between the answers is chance.
    steadyStdout: stdout.map(steady).sort(),
    end,
  };
}
