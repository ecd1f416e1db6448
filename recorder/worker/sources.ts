import { isSegmentOf, readPlaylist } from '../../shared/closing/hls-journal.ts';
import { segmentKey } from '../../shared/hls/playlist.ts';
import { type InputPorts, inputsOf, type StepInput } from '../../shared/post-processing/inputs.ts';
import type { PlacePorts } from '../../shared/recordings/places.ts';
import { FORMATS, type Format } from '../../shared/schemas/names.ts';
import type { Run, RunStep } from '../../shared/schemas/post-processing.ts';
import type { Recording } from '../../shared/schemas/recording.ts';
import type { ObjectStore } from '../../shared/storage/object-store.ts';
import { StepError } from './step-error.ts';

/** One file that a step reads. */
export interface Source {
  readonly format: Format;
  readonly store: ObjectStore;
  readonly key: string;
  readonly size: number;
  readonly seconds: number;
  /** Its sound is AAC with a header on each frame, which MP4 must not have. */
  readonly adts: boolean;
}

/** One segment of HLS, or a whole object. */
export interface Piece {
  readonly store: ObjectStore;
  readonly key: string;
  readonly size: number;
  readonly seconds: number;
}

export interface SourcePorts extends InputPorts, Pick<PlacePorts, 'storeOf'> {}

const missing = ({ final }: { readonly final: boolean }): never => {
  throw new StepError('input-missing', undefined, { final });
};

const isMedia = (format: StepInput['format']): format is Format => FORMATS.some((one) => one === format);

/** What a step reads: files of the recording, or what another step has made. @throws StepError */
export const sourcesOf = async (
  ports: SourcePorts,
  recording: Recording,
  run: Run,
  step: RunStep,
): Promise<Source[]> => {
  const inputs = (await inputsOf(ports, recording, run, step)) ?? missing({ final: true });
  return inputs.map(({ format, bucket, key, sizeBytes, durationSeconds, isSource }): Source => {
    if (!isMedia(format) || sizeBytes === undefined || durationSeconds === undefined) {
      return missing({ final: true });
    }
    const isAac = !isSource || (recording.media?.audioCodec ?? 'aac') === 'aac';
    return {
      ...{ format, store: ports.storeOf(bucket), key, size: sizeBytes, seconds: durationSeconds },
      adts: (format === 'hls' || format === 'aac') && isAac,
    };
  });
};

/**
 * The segments of an HLS file, in runs in which time stamps go on. What is not there may have been brought home since it
 * was asked where it is: another try finds it there. @throws StepError, StorageError
 */
export const segmentRuns = async ({ store, key }: Source): Promise<Piece[][]> => {
  const [{ stored, playlist }, objects] = await Promise.all([
    readPlaylist(store, key),
    store.list(key.replace(/\.m3u8$/, '/')),
  ]);
  if (stored === undefined) return missing({ final: false });
  const sizes = new Map(objects.map((object) => [object.key, object.size]));
  const folder = key.slice(0, key.lastIndexOf('/') + 1);
  const runs: Piece[][] = [];
  for (const { uri, durationSeconds, discontinuity } of playlist.segments) {
    const relative = segmentKey(uri);
    const segment = relative === undefined ? undefined : folder + relative;
    const size = segment === undefined ? undefined : sizes.get(segment);
    if (segment === undefined || size === undefined || !isSegmentOf(key, segment)) {
      return missing({ final: false });
    }
    if (runs.length === 0 || discontinuity === true) runs.push([]);
    runs.at(-1)?.push({ store, key: segment, size, seconds: durationSeconds });
  }
  return runs;
};
