import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { playCase, stopPlaying } from '../../faults/play.ts';
import { brokenPromises } from '../../faults/played.ts';

/** The most telling case of the fault bench; `npm run test:faults` has all of them. */
const NAME = 'all-services-at-once';
const MOST_MS = 170_000;

let sources: string;
beforeAll(async () => {
  sources = await mkdtemp(join(tmpdir(), 'streamkeep-sources-'));
});
afterAll(async () => {
  await stopPlaying();
  await rm(sources, { recursive: true, force: true });
});

it('has every frame where it belongs although queues, table and storages fail', {
  timeout: MOST_MS,
}, async () => {
  const said: string[] = [];
  const played = await playCase({ name: NAME, seed: 1, keep: false, sources }, (line) => said.push(line));
  expect(brokenPromises(NAME, played), said.join('\n')).toEqual([]);
});
