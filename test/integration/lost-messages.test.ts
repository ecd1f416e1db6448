import { describe, expect, it } from 'vitest';
import { fileWith } from '../../functions/common/world.fixture.ts';
import { createLedger } from '../../recorder/files/ledger.ts';
import { endReason } from '../../shared/recordings/end-reason.ts';
import { createLossyWorld, type LossyWorld, STREAM } from '../support/lossy-world.ts';
import { startTable } from '../support/table.ts';

const RECORDER = 'rcd_1';
const ROUNDS = 8;

/** What a recorder does for one recording: it has two files, and ends when the session has. */
const record = ({ ports, clock, queues }: LossyWorld) => {
  const running = new Map<string, () => Promise<void>>();
  const log = {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: () => undefined,
  };

  const take = async (recordId: string, epoch: number): Promise<void> => {
    const recording = await ports.recordings.claim(recordId, epoch, RECORDER);
    if (recording === undefined) return;
    const capture = await ports.recordings.nextCapture(recordId, recording.epoch);
    if (capture === undefined) throw new Error(`${recordId} was lost at once`);
    const ledger = createLedger(recording, capture, {
      files: ports.files,
      send: ports.queueRecordingEvent,
      log,
      now: clock.now,
      onTable: (operation) => operation(),
      onFenced: () => undefined,
    });
    const fileIds = ['mp4', 'flv'].map((format) => `${String(capture).padStart(4, '0')}-${format}`);
    const journal = { initialHead: '', heldKey: 'held', tailKey: 'tail' };
    const files = fileIds.map((fileId) => ({
      ...fileWith({ recordId, fileId, epoch: recording.epoch, startedAt: clock.at() }),
      journal,
    }));
    for (const file of files) await ledger.opened(file);
    running.set(recordId, async () => {
      const stream = await ports.streams.get(STREAM);
      if (stream?.live && stream.sessionId === recording.sessionId) return;
      running.delete(recordId);
      for (const file of files) await ledger.closed(file);
      const word = { recordId, epoch: recording.epoch, capture, at: clock.at() };
      // A recorder says it until it is heard.
      queues.sendSurely('recording-events', () =>
        ports.onRecordingEvent({ type: 'capture.ended', ...word, reason: endReason('session-ended') }),
      );
    });
  };
  const look = async (): Promise<void> => {
    await ports.recorders.heartbeat(RECORDER, running.size, [], clock.now());
    for (const end of [...running.values()]) await end();
  };
  return { take, look };
};

const play = async (world: LossyWorld): Promise<void> => {
  const { ports, clock, random, queues } = world;
  const recorder = record(world);
  world.onJobs(({ recordId, epoch }) => recorder.take(recordId, epoch));
  await ports.recorders.register(RECORDER, 20, clock.now());
  let sinceSweep = 0;
  const pass = async (seconds: number): Promise<void> => {
    for (let left = seconds; left > 0; left -= 10) {
      clock.pass(10);
      sinceSweep += 10;
      await recorder.look();
      for (let count = random.between(0, 6); count >= 1; count -= 1) await queues.deliver();
      if (sinceSweep < 60) continue;
      sinceSweep = 0;
      await world.sweep();
    }
  };
  for (const clientId of ['a', 'b']) {
    await world.push('started', clientId);
    await pass(random.between(5, 150));
    await world.push('stopped', clientId);
    await pass(random.between(0, 60));
  }
  queues.purge();
  for (let round = 0; round < ROUNDS; round += 1) {
    clock.pass(65);
    await recorder.look();
    await world.sweep();
    while (await queues.deliver()) await recorder.look();
  }
};

describe('messages that are lost, doubled, late and out of order, and queues that are emptied', () => {
  it.each(Array.from({ length: 8 }, (_, index) => index + 1))('change no result: seed %d', async (seed) => {
    const table = await startTable();
    try {
      const world = await createLossyWorld(table, seed);
      await play(world);
      const { ports, published, posted, queues } = world;
      expect(queues.lost()).toBeGreaterThan(0);
      expect(await ports.streams.get(STREAM)).toMatchObject({ live: false });
      const { items: recordings } = await ports.recordings.list({}, 50);
      expect(recordings.length).toBeGreaterThan(0);
      for (const { recordId, state, reason } of recordings) {
        expect(['completed', 'failed']).toContain(state);
        expect(reason).toBeDefined();
        expect(published).toContain(`${recordId} recording.${state === 'completed' ? 'ended' : 'failed'}`);
        for (const { fileId, state: of } of await ports.files.list(recordId)) {
          expect(of).toBe('ready');
          expect(published).toContain(`${recordId} file.opened.${fileId}`);
          expect(published).toContain(`${recordId} file.ready.${fileId}`);
        }
      }
      // Callbacks are not told of the opening of files.
      const told = new Set(published.filter((notice) => !notice.includes('file.opened')));
      expect(posted).toHaveLength(told.size);
      expect(new Set(posted).size).toBe(told.size);
      expect(await world.owed()).toEqual([]);
    } finally {
      await table.close();
    }
  });
});
