/** Where the OTLP receiver of Tempo is. */
export interface TempoReceiver {
  readonly protocol: 'grpc' | 'http';
  /** `host:port` for gRPC, a base URL for HTTP. */
  readonly endpoint: string;
}

/** The back ends to check. What is not given is not checked. */
export interface Targets {
  readonly prometheus: string | undefined;
  readonly tempo: string | undefined;
  readonly loki: string | undefined;
  readonly grafana: string | undefined;
  /** Given: telemetry goes to a collector that is there already, instead of to one that is started here. */
  readonly otlpEndpoint: string | undefined;
  readonly tempoReceiver: TempoReceiver | undefined;
  /** The header with which Grafana is asked, if it needs one. */
  readonly grafanaAuthorization: string | undefined;
}

export const usage = `Set at least one of these, each the base URL of a running program that may be written to:

  STACK_PROMETHEUS_URL  Prometheus 3 with --web.enable-otlp-receiver, for example http://127.0.0.1:9090
  STACK_TEMPO_URL       Tempo's HTTP port, for example http://127.0.0.1:3200
  STACK_LOKI_URL        Loki, for example http://127.0.0.1:3100
  STACK_GRAFANA_URL     Grafana, for example http://127.0.0.1:3001

and, where the defaults do not fit:

  STACK_TEMPO_OTLP      Tempo's OTLP receiver: host:port for gRPC, or http://host:port for HTTP (default: port 4317 of Tempo's host,
                        and if nothing listens there, port 4318)
  STACK_OTLP_ENDPOINT   a running collector (OTLP/HTTP) that feeds these back ends; without it, one is started here
  STACK_GRAFANA_TOKEN   a token of a service account, or STACK_GRAFANA_USER and STACK_GRAFANA_PASSWORD (default: admin and admin, and
                        if Grafana refuses these, nobody)
  STACK_GRAFANA_PROMETHEUS_URL, STACK_GRAFANA_TEMPO_URL, STACK_GRAFANA_LOKI_URL
                        the same back ends as Grafana reaches them, for data sources that are created here
  STACK_SECONDS         how long the workload calls before the checks begin (default: 45)
  STACK_LOG             the file that everything asked and answered is written to (default: in a new temporary folder)

With none of them and a Docker engine on the PATH, docker-compose.yml is started, checked and stopped again.`;

/** @throws Error for a URL that is none */
export function readTargets(env: NodeJS.ProcessEnv): Targets {
  const tempo = url(env, 'STACK_TEMPO_URL');
  return {
    prometheus: url(env, 'STACK_PROMETHEUS_URL'),
    tempo,
    loki: url(env, 'STACK_LOKI_URL'),
    grafana: url(env, 'STACK_GRAFANA_URL'),
    otlpEndpoint: url(env, 'STACK_OTLP_ENDPOINT'),
    tempoReceiver: receiver(env['STACK_TEMPO_OTLP']),
    grafanaAuthorization: authorization(env),
  };
}

export function isEmpty({ prometheus, tempo, loki, grafana }: Targets): boolean {
  return [prometheus, tempo, loki, grafana].every((each) => each === undefined);
}

function url(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const given = env[name];
  if (given === undefined || given.trim() === '') return undefined;
  if (!URL.canParse(given) || !/^https?:/.test(given)) {
    throw new Error(`${name} is "${given}": set it to a URL such as http://127.0.0.1:9090.`);
  }
  return given.trim().replace(/\/+$/, '');
}

function receiver(given: string | undefined): TempoReceiver | undefined {
  if (given === undefined || given === '') return undefined;
  return /^https?:/.test(given) ? { protocol: 'http', endpoint: given.replace(/\/+$/, '') } : { protocol: 'grpc', endpoint: given };
}

function authorization(env: NodeJS.ProcessEnv): string | undefined {
  const { STACK_GRAFANA_TOKEN: token, STACK_GRAFANA_USER: user = 'admin', STACK_GRAFANA_PASSWORD: password = 'admin' } = env;
  if (token !== undefined && token !== '') return `Bearer ${token}`;
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
