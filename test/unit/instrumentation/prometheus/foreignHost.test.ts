import { expect, it } from 'vitest';
import { isForeignHost } from '../../../../src/instrumentation/prometheus/foreignHost.js';

it.each([
  'evil.example',
  'EVIL.example:9464',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  'evil.example.',
  'internal.evil.example',
  'evilinternal.example',
  'user@localhost',
  'localhost/evil.example',
  'localhost evil.example',
  '[::1].evil.example',
])('%s is foreign', (host) => expect(isForeignHost(host)).toBe(true));

it.each([
  '',
  'localhost',
  'LocalHost:9464',
  'localhost.',
  '127.0.0.1:9464',
  '[::1]:9464',
  '[::ffff:127.0.0.1]',
  'prometheus',
  'host.docker.internal:9464',
  'host.containers.internal',
  'app.localhost',
  'laptop.local',
  'box.home.arpa',
])('%s is not', (host) => expect(isForeignHost(host)).toBe(false));
