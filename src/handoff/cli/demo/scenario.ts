import { connectAgent } from './agent.js';
import type { Agent, CallRecord } from './agent.js';
import { createAgentTelemetry } from './agentTelemetry.js';
import { tellStory } from './story.js';
import type { Story } from './story.js';

export interface ScenarioOptions {
  /** Only PATH and HOME are passed on: the demo must not find a real database. */
  readonly env: NodeJS.ProcessEnv;
  /** Empty folder for the embedded database. */
  readonly dataDir: string;
  /** Where all processes send their telemetry (OTLP/HTTP base URL). */
  readonly otlpEndpoint: string;
  readonly progress: (line: string) => void;
  readonly onServerLog: (line: string) => void;
}

export interface ScenarioRun {
  readonly story: Story;
  readonly calls: readonly CallRecord[];
}

/** Runs the story from the first process to the last flush; when it resolves, all telemetry has been sent. */
export async function runScenario({ env, dataDir, otlpEndpoint, progress, onServerLog }: ScenarioOptions): Promise<ScenarioRun> {
  const telemetry = createAgentTelemetry(otlpEndpoint);
  const agents: Agent[] = [];
  const serverEnv = {
    PATH: env['PATH'] ?? '',
    HOME: env['HOME'] ?? dataDir,
    HANDOFF_DATA_DIR: dataDir,
    OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint,
  };
  const start = async (name: string): Promise<Agent> => {
    const agent = await connectAgent({ name, env: serverEnv, onServerLog });
    agents.push(agent);
    progress(`${name} is connected to its own stdio server`);
    return agent;
  };
  try {
    // The first server creates the database and owns it; the second uses it through the first.
    const writer = await start('coder');
    const reader = await start('reviewer');
    const story = await tellStory(writer, reader, telemetry, progress);
    return { story, calls: agents.flatMap(({ calls }) => calls) };
  } finally {
    await Promise.all(agents.map((agent) => agent.close()));
    await telemetry.close();
  }
}
