import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inParallel, playCase, stopPlaying } from '../../faults/play.ts';
import { brokenPromises, type Played } from '../../faults/played.ts';

/** The most telling cases of the fault bench; `npm run test:faults` has all of them. */
const TOLD = ['queues-twice-and-shuffled', 'table-failing-20%', 'storage-lost-answer-20%'];
const AT_ONCE = 3;
const MOST_MS = 170_000;

let sources: string;
beforeAll(async () => {
  sources = await mkdtemp(join(tmpdir(), 'streamkeep-sources-'));
});
afterAll(async () => {
  await stopPlaying();
  await rm(sources, { recursive: true, force: true });
});

describe('Every frame is where it belongs', () => {
  it(`after ${TOLD.join(', ')}`, { timeout: MOST_MS }, async () => {
    const said: string[] = [];
    const play = async (name: string): Promise<Played> =>
      playCase({ name, seed: 1, keep: false, sources }, (line) => said.push(`${name}: ${line}`));
    const results = await inParallel(TOLD, AT_ONCE, play);
    const broken = results.flatMap((played, index) => {
      const name = TOLD[index] ?? '';
      return brokenPromises(name, played).map((line) => `${name}: ${line}`);
    });
    expect(broken, said.join('\n')).toEqual([]);
  });
});
