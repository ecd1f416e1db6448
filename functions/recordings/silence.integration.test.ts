import { beforeEach, describe, expect, it } from 'vitest';
import { type EndCode, endReason } from '../../shared/recordings/end-reason.ts';
import type { Recording } from '../../shared/schemas/recording.ts';
import { useTable } from '../../test/support/table.ts';
import { createWorld, KEY, planWith, recordingWith, START, type World } from '../common/world.fixture.ts';
import { createRecordingEventHandler } from './on-recording-event.ts';

const table = useTable();
let world: World;
let stream: string;
let number = 0;

beforeEach(() => {
  world = createWorld(table);
  number += 1;
  stream = `silent-${number}`;
});

const idOf = (name: string) => `rec_${stream}_${name}`;

/** A live session with these recordings, each with a recorder of its own. */
const begin = async (names: readonly string[], resumptionTimeout = 0): Promise<void> => {
  const recordIds = names.map(idOf);
  const session = { sessionId: 'ses_1', clientId: 'a', live: true, startedAt: START, recordIds };
  await world.ports.streams.replace({ ...KEY, stream, ...session }, undefined);
  for (const recordId of recordIds) {
    await world.ports.recordings.create(
      recordingWith({ recordId, stream, plan: planWith(resumptionTimeout) }),
    );
    await world.ports.recordings.claim(recordId, 0, `rcd_${recordId}`);
  }
};

const captureEnded = (name: string, code: EndCode, epoch = 1) =>
  createRecordingEventHandler(world.ports)({
    type: 'capture.ended',
    recordId: idOf(name),
    epoch,
    capture: 1,
    at: world.clock.at(40),
    reason: endReason(code),
  });
const silences = () => world.sent.events.filter(({ type }) => type === 'silent');
const recordingOf = async (name: string): Promise<Recording> => {
  const recording = await world.ports.recordings.get(idOf(name));
  if (recording === undefined) throw new Error('There is no recording');
  return recording;
};

describe('a session whose recorder hears nothing any more', () => {
  it.each(['source-silent', 'source-unreachable'] as const)('is said to be over: %s', async (code) => {
    await begin(['one']);
    await captureEnded('one', code);
    const event = { type: 'silent', key: { ...KEY, stream }, sessionId: 'ses_1', at: world.clock.at(40) };
    expect(world.sent.events).toEqual([event]);
    // Should the message be lost.
    expect(await world.ports.owedEvents.overdue(new Date(world.clock.at(60)), 100)).toContainEqual(event);
  });

  it('is said to be over once more when the recorder’s word comes once more', async () => {
    await begin(['one']);
    await captureEnded('one', 'source-silent');
    await captureEnded('one', 'source-silent');
    expect(silences()).toHaveLength(2);
  });

  it('goes on while another recorder hears it, and ends with the last', async () => {
    await begin(['one', 'two']);
    await captureEnded('one', 'source-unreachable');
    expect(silences()).toEqual([]);
    await captureEnded('two', 'source-silent');
    expect(silences()).toHaveLength(1);
  });

  it('is over although its recording waits for the stream to come back', async () => {
    await begin(['one'], 60);
    await captureEnded('one', 'source-silent');
    expect(await recordingOf('one')).toMatchObject({ state: 'paused' });
    expect(silences()).toHaveLength(1);
  });

  it.each<EndCode>(['session-ended', 'max-duration', 'storage-failed', 'stopped', 'ffmpeg-failed'])(
    'is not over because a recording ended for another reason: %s',
    async (code) => {
      await begin(['one']);
      await captureEnded('one', code);
      expect(silences()).toEqual([]);
    },
  );

  it('is not over on the word of a recorder that has lost the recording', async () => {
    await begin(['one']);
    const recording = await recordingOf('one');
    await world.ports.recordings.replace({ ...recording, epoch: 3, revision: recording.revision + 1 });
    await captureEnded('one', 'source-silent');
    expect(silences()).toEqual([]);
  });

  it('is not over when it was already, or another session is live', async () => {
    await begin(['one']);
    const seen = await world.ports.streams.get({ ...KEY, stream });
    if (seen === undefined) throw new Error('There is no stream');
    await world.ports.streams.replace({ ...seen, sessionId: 'ses_2', recordIds: [] }, seen);
    await captureEnded('one', 'source-silent');
    expect(silences()).toEqual([]);
  });
});
