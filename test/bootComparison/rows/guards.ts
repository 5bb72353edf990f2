import { notApplicable, yesOrNo } from '../../comparison/row.js';
import type { Finding } from '../../comparison/row.js';
import { SECRETS } from '../lab/work.js';
import type { Seen } from '../lab/run.js';
import type { Row } from '../row.js';
import { systemOf } from './system.js';

const CANARY = 'test/integration/instrumentation/canary.test.ts';

const has = (value: unknown, secret: string): boolean =>
  (JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? String(part) : part)) ?? '')
    .toLowerCase()
    .includes(secret.toLowerCase());

const isSql = (span: Seen['spans'][number]): boolean => systemOf(span) === 'postgresql';
const isRedis = (span: Seen['spans'][number]): boolean => systemOf(span) === 'redis';

/** Y when none of the secrets is in what is looked at, n.a. when there is nothing to look at. */
export function hidden(values: readonly unknown[], secrets: readonly string[], missing: string): Finding {
  if (values.length === 0) return notApplicable(missing);
  const shown = secrets.filter((secret) => values.some((value) => has(value, secret)));
  return yesOrNo(shown.length === 0, shown.length === 0 ? 'hidden' : `shown: ${shown.map((secret) => secret.slice(2, -2)).join(', ')}`);
}

export const guardRows: readonly Row[] = [
  {
    title: 'SQL literals stay in',
    rule: 'A literal in a SELECT. Y: on no span. -: on one. n.a.: no pg spans.',
    test: CANARY,
    run: async (lab) => hidden((await lab.rich()).spans.filter(isSql), [SECRETS.literal], 'no pg spans'),
  },
  {
    title: 'SQL text on no metric, in no span name',
    rule: 'A statement with a line break after its verb. Y: its text is no label of a metric and no span name. -: it is. n.a.: no pg spans and no pg metrics.',
    test: CANARY,
    run: async (lab) => {
      const { spans, points } = await lab.rich();
      const queries = spans.filter(isSql);
      return hidden(
        queries.length === 0 ? [] : [...queries.map(({ name }) => name), ...points.map(({ attributes }) => attributes)],
        [SECRETS.layout, SECRETS.literal],
        'no pg spans',
      );
    },
  },
  {
    title: 'PostgreSQL’s messages stay in',
    rule: 'A value that cannot be cast; the server quotes it in its message. Y: neither on spans nor in their events. -: it is. n.a.: no pg spans.',
    test: CANARY,
    run: async (lab) =>
      hidden(
        (await lab.rich()).spans
          .filter(isSql)
          .map(({ attributes: { 'db.query.text': _text, 'db.statement': _statement, ...rest }, status, events }) => ({
            rest,
            status,
            events,
          })),
        [SECRETS.message],
        'no pg spans',
      ),
  },
  {
    title: 'Redis keys, values, members and scripts stay in',
    rule: 'SET, SADD, SREM, EVAL. Y: none of what they were given on spans. -: some. n.a.: no ioredis spans.',
    test: CANARY,
    run: async (lab) =>
      hidden(
        (await lab.rich()).spans.filter(isRedis),
        [SECRETS.key, SECRETS.value, SECRETS.member, SECRETS.script, SECRETS.argument],
        'no ioredis spans',
      ),
  },
  {
    title: 'arguments of the process stay in',
    rule: 'A process started with `--password=…`. Y: in no byte that is sent. -: it is.',
    test: CANARY,
    run: async (lab) => {
      const { bytes } = await lab.rich();
      return hidden(
        bytes.map((each) => each.toString('latin1')),
        ['qzpasswordqz'],
        'nothing was sent',
      );
    },
  },
];
