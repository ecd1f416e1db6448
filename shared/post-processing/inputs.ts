import { type PlacePorts, placeOf } from '../recordings/places.ts';
import type { Artifact, Run, RunStep } from '../schemas/post-processing.ts';
import type { Recording, RecordingFile } from '../schemas/recording.ts';
import type { Bucket } from '../schemas/storage.ts';
import type { Files } from '../table/files.ts';
import { SOURCE } from './graph.ts';

/** One object that a step takes; of HLS the playlist, of images the WebVTT file that lists them. */
export interface StepInput {
  /** Undefined: made by others, who have not said. */
  readonly format: Artifact['format'] | undefined;
  readonly bucket: Bucket;
  readonly key: string;
  readonly sizeBytes?: number;
  readonly durationSeconds?: number;
  /** Whether it is what was recorded. */
  readonly isSource: boolean;
}

export interface InputPorts extends Pick<PlacePorts, 'spool'> {
  readonly files: Pick<Files, 'get' | 'page'>;
}

const ofFile = (ports: InputPorts, recording: Recording, file: RecordingFile): StepInput | undefined => {
  // Where it is now: it may have been brought home since the run was made.
  const place = file.state === 'ready' ? placeOf(recording, file, file.location, ports.spool) : undefined;
  if (place === undefined) return undefined;
  const { format, sizeBytes, durationSeconds } = file;
  return { format, bucket: place.bucket, key: place.key, sizeBytes, durationSeconds, isSource: true };
};

/**
 * What an earlier step has made. Of what others say that they have made only what is in the folder which they were given:
 * whoever gets it next is let in with our rights, which theirs may not be.
 */
const ofStep = ({ destination, output, files = [] }: RunStep): StepInput[] => {
  const { bucket } = destination;
  if (output !== undefined) {
    const { format, key, sizeBytes, durationSeconds } = output;
    return [{ format, bucket, key, sizeBytes, durationSeconds, isSource: false }];
  }
  return files
    .filter((file) => file.bucket === bucket.bucket && file.key.startsWith(`${destination.key}/`))
    .map(({ key, sizeBytes }) => ({
      ...{ format: undefined, bucket, key, isSource: false },
      ...(sizeBytes === undefined ? {} : { sizeBytes }),
    }));
};

/** What a step takes: files of the recording, or what another step has made; undefined when something is not there. */
export const inputsOf = async (
  ports: InputPorts,
  recording: Recording,
  run: Run,
  { step }: Pick<RunStep, 'step'>,
): Promise<StepInput[] | undefined> => {
  const { recordId, fileId, format } = run;
  if (step.input !== SOURCE) {
    const before = run.steps.find((one) => one.step.name === step.input);
    return before?.state === 'succeeded' ? ofStep(before) : undefined;
  }
  if (fileId !== undefined) {
    const file = await ports.files.get(recordId, fileId);
    const input = file && ofFile(ports, recording, file);
    return input && [input];
  }
  const { items } = await ports.files.page(recordId);
  const ready = items.filter((file) => file.format === format && file.state === 'ready');
  const inputs = ready.flatMap((file) => ofFile(ports, recording, file) ?? []);
  return inputs.length === 0 || inputs.length < ready.length ? undefined : inputs;
};
