import { describe, expect, it } from 'vitest';
import { at, newRecording } from '../recordings/recording.fixture.ts';
import { orchestrationInputSchema } from '../schemas/orchestration.ts';
import type { Recording, RecordingFile } from '../schemas/recording.ts';
import { makeRun, type RunOf } from './make-run.ts';

const TO_THE_SECOND = 'vod/{StartYear}-{StartMonth}-{StartDay}-{StartHour}-{StartMinute}-{StartSecond}';

const fileOf = ({ recordId }: Recording, format: 'hls' | 'mp4', name = '1'): RecordingFile => ({
  ...{ recordId, fileId: `0001-${format}-0001`, format, bucket: 'recordings', state: 'ready' },
  key: `shows/${name}.${format === 'hls' ? 'm3u8' : format}`,
  ...{ location: 'primary', sizeBytes: 1, durationSeconds: 1, startedAt: at(0), epoch: 1 },
});

const keysOf = (
  recording: Recording,
  file: RecordingFile,
  output?: object,
  storages: RunOf['storages'] = new Map(),
): string[] => {
  const step = { kind: 'thumbnails', ...(output === undefined ? {} : { output }) };
  const orchestration = {
    ...orchestrationInputSchema.parse({
      name: 'library',
      steps: [
        { ...step, name: 'pictures' },
        { ...step, name: 'more' },
      ],
    }),
    ...{ orchestrationId: 'orc_1', createdAt: at(0), updatedAt: at(0) },
  };
  const run = makeRun({ recording, file, scope: 'file', orchestration, storages, now: new Date(at(0)) });
  return run?.steps.map(({ destination }) => destination.key) ?? [];
};

describe('Outputs of post-processing', () => {
  const recording = newRecording();

  it('go beside the original, with its format and the name of the step', () => {
    expect(keysOf(recording, fileOf(recording, 'hls'))).toEqual(['shows/1-hls-pictures', 'shows/1-hls-more']);
  });

  it('have the same keys whenever the run is made', () => {
    const make = () => keysOf(recording, fileOf(recording, 'mp4'), { path: TO_THE_SECOND });
    expect(make()).toEqual(make());
  });

  it.each([[undefined], [{ path: TO_THE_SECOND }], [{ path: `${TO_THE_SECOND}-{RecordId}` }]])(
    'of two formats of one recording have keys of their own: %o',
    (output) => {
      const keys = (['hls', 'mp4'] as const).flatMap((format) =>
        keysOf(recording, fileOf(recording, format), output),
      );
      expect(new Set(keys).size).toBe(4);
    },
  );

  it('of two streams that begin in the same second have keys of their own', () => {
    const keys = ['one', 'two'].flatMap((stream) => {
      const other = newRecording({ recordId: `rec_${stream}`, stream });
      return keysOf(other, fileOf(other, 'mp4', stream), { path: TO_THE_SECOND });
    });
    expect(new Set(keys).size).toBe(4);
    for (const key of keys) expect(key).toMatch(/^vod\/[\d-]{19}-[0-9a-f]{12}-(pictures|more)$/);
  });

  it('of files that have one name in two buckets do not meet in a third one', () => {
    const library = new Map([['sto_1', { bucket: 'library', region: 'eu-central-1' }]]);
    const keys = ['one', 'two'].flatMap((recordId) => {
      const other = newRecording({ recordId });
      return keysOf(other, fileOf(other, 'mp4'), { storageId: 'sto_1' }, library);
    });
    expect(new Set(keys).size).toBe(4);
  });
});
