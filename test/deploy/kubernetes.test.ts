import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { read, root, variables, type Yaml } from '../unit/deploy/composeFile.js';
import { goPrograms, type GoPrograms } from './goPrograms.js';

let programs: GoPrograms;
let rendered = '';
let objects: readonly Yaml[] = [];

function run(program: string, args: readonly string[], input = ''): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: root, input, encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 });
  return { status, output: stdout + stderr };
}

beforeAll(async () => {
  programs = await goPrograms();
  const { status, output } = run(programs.kustomize, ['build', 'deploy/kubernetes']);
  if (status !== 0) throw new Error(`kustomize could not build deploy/kubernetes:\n${output}`);
  rendered = output;
  objects = parseAllDocuments(output).map((document) => document.toJS());
});

const find = (kind: string, name: string): Yaml => {
  const found = objects.find(
    ({ kind: other, metadata }) => other === kind && (metadata.name === name || metadata.name.startsWith(`${name}-`)),
  );
  if (found === undefined) throw new Error(`There is no ${kind} ${name}.`);
  return found;
};

describe('deploy/kubernetes', () => {
  it('has only fields that Kubernetes knows, with values of their types', () => {
    expect(run(programs.manifests, [], rendered)).toMatchObject({ status: 0 });
  });

  it('is refused there with a field that is misspelt', () => {
    const { status, output } = run(programs.manifests, [], rendered.replace('readinessProbe:', 'readynessProbe:'));
    expect({ status, output }).toEqual({
      status: 1,
      output: expect.stringContaining('unknown field "spec.template.spec.containers[0].readynessProbe"'),
    });
  });

  it('passes kube-score, warnings included', () => {
    const optional = ['container-seccomp-profile', 'container-ports-check'];
    const { output } = run(
      programs['kube-score'],
      ['score', '--output-format', 'ci', ...optional.flatMap((name) => ['--enable-optional-test', name]), '-'],
      rendered,
    );
    const lines = output.trim().split('\n');
    expect(lines.filter((line) => !/^\[(OK|SKIPPED)\]/.test(line))).toEqual([]);
    expect(lines.filter((line) => line.startsWith('[OK]')).length).toBeGreaterThan(80);
  });

  it('fails kube-score without a probe', () => {
    const { status, output } = run(
      programs['kube-score'],
      ['score', '--output-format', 'ci', '-'],
      rendered.replaceAll('readinessProbe:', 'x-probe:'),
    );
    expect({ status, output }).toEqual({ status: 1, output: expect.stringMatching(/\[CRITICAL\] .*readinessProbe/) });
  });

  it('gives the collectors the configurations of otel-collector, and each the files of its tier', () => {
    const { metadata, data } = find('ConfigMap', 'otelcol-config');
    for (const [name, text] of Object.entries(data))
      expect({ name, text }).toEqual({ name, text: readFileSync(join(root, 'otel-collector', name), 'utf8') });
    for (const [name, files] of [
      ['otel-gateway', ['config.yaml', 'config.gateway.yaml']],
      ['otel-sampling', ['config.yaml', 'config.sampling.yaml', 'config.node.yaml']],
    ] as const) {
      const { containers, volumes } = find('StatefulSet', name).spec.template.spec;
      expect(containers[0].args).toEqual(files.map((file) => `--config=/etc/otelcol/${file}`));
      expect(volumes[0].configMap.name).toBe(metadata.name);
      expect(Object.keys(data)).toEqual(expect.arrayContaining([...files]));
    }
  });

  it('runs the images of docker-compose.yml and of this release', () => {
    const images = [...rendered.matchAll(/^\s+image: (\S+)$/gm)].map(([, image]) => image);
    const { version } = JSON.parse(read('package.json')) as { version: string };
    expect(new Set(images)).toEqual(new Set([variables['COLLECTOR_IMAGE'], `registry.example.com/handoff-otel:${version}`]));
  });

  it('holds no secret, and takes those of the server from one that is made elsewhere', () => {
    expect(objects.filter(({ kind }) => kind === 'Secret')).toEqual([]);
    expect(find('Deployment', 'handoff').spec.template.spec.containers[0].envFrom).toEqual([{ secretRef: { name: 'handoff-server' } }]);
  });
});
