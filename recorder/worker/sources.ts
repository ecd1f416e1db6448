import { isSegmentOf, readPlaylist } from '../../shared/closing/hls-journal.ts';
import { segmentKey } from '../../shared/hls/playlist.ts';
import { SOURCE } from '../../shared/post-processing/graph.ts';
import { type PlacePorts, placeOf } from '../../shared/recordings/places.ts';
import type { Format } from '../../shared/schemas/names.ts';
import type { Run, RunStep } from '../../shared/schemas/post-processing.ts';
import type { Recording, RecordingFile } from '../../shared/schemas/recording.ts';
import type { ObjectStore } from '../../shared/storage/object-store.ts';
import type { Files } from '../../shared/table/files.ts';
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

export interface SourcePorts extends PlacePorts {
  readonly files: Pick<Files, 'get' | 'page'>;
}

const hasAdts = (format: Format): boolean => format === 'hls' || format === 'aac';

const missing = (): never => {
  throw new StepError('input-missing', undefined, { final: true });
};

const ofFile = (ports: SourcePorts, recording: Recording, file: RecordingFile): Source => {
  if (file.state !== 'ready') return missing();
  // Where it is now: it may have been brought home since the run was made.
  const place = placeOf(recording, file, file.location, ports.spool) ?? missing();
  return {
    ...{ format: file.format, store: ports.storeOf(place.bucket), key: place.key },
    ...{ size: file.sizeBytes, seconds: file.durationSeconds },
    adts: hasAdts(file.format) && (recording.media?.audioCodec ?? 'aac') === 'aac',
  };
};

/** What a step reads: files of the recording, or what another step has made. @throws StepError */
export const sourcesOf = async (
  ports: SourcePorts,
  recording: Recording,
  run: Run,
  { step }: RunStep,
): Promise<Source[]> => {
  const { recordId, fileId, format } = run;
  if (step.input !== SOURCE) {
    const before = run.steps.find((one) => one.step.name === step.input);
    const output = before?.output;
    if (before === undefined || output === undefined || output.format === 'images') return missing();
    const store = ports.storeOf(before.destination.bucket);
    const { key, sizeBytes: size, durationSeconds: seconds } = output;
    return [{ format: output.format, store, key, size, seconds, adts: hasAdts(output.format) }];
  }
  if (fileId !== undefined) {
    const file = (await ports.files.get(recordId, fileId)) ?? missing();
    return [ofFile(ports, recording, file)];
  }
  const { items } = await ports.files.page(recordId);
  const ready = items.filter((file) => file.format === format && file.state === 'ready');
  return ready.length === 0 ? missing() : ready.map((file) => ofFile(ports, recording, file));
};

/** The segments of an HLS file, in runs in which time stamps go on. */
export const segmentRuns = async ({ store, key }: Source): Promise<Piece[][]> => {
  const [{ stored, playlist }, objects] = await Promise.all([
    readPlaylist(store, key),
    store.list(key.replace(/\.m3u8$/, '/')),
  ]);
  if (stored === undefined) return missing();
  const sizes = new Map(objects.map((object) => [object.key, object.size]));
  const folder = key.slice(0, key.lastIndexOf('/') + 1);
  const runs: Piece[][] = [];
  for (const { uri, durationSeconds, discontinuity } of playlist.segments) {
    const relative = segmentKey(uri);
    const segment = relative === undefined ? undefined : folder + relative;
    const size = segment === undefined ? undefined : sizes.get(segment);
    if (segment === undefined || size === undefined || !isSegmentOf(key, segment)) return missing();
    if (runs.length === 0 || discontinuity === true) runs.push([]);
    runs.at(-1)?.push({ store, key: segment, size, seconds: durationSeconds });
  }
  return runs;
};
