import type { WorkerStep } from '../../shared/post-processing/step-kinds.ts';
import type { Media } from '../../shared/schemas/recording.ts';
import { holdsAudio, holdsVideo } from '../capture/holds.ts';

const isCopy = (step: WorkerStep): step is Exclude<WorkerStep, { kind: 'transcode' | 'thumbnails' }> =>
  step.kind !== 'transcode' && step.kind !== 'thumbnails';

/** Whether a step takes the picture, and the sound, of what it reads. */
const takes = (step: WorkerStep): { readonly picture: boolean; readonly sound: boolean } => {
  if (step.kind === 'thumbnails') return { picture: true, sound: false };
  const picture = step.kind === 'transcode' ? step.video !== undefined : step.format !== 'aac';
  return { picture, sound: true };
};

const isAsKnown = (one: number | undefined, other: number | undefined): boolean =>
  one === undefined || other === undefined || one === other;

/** Whether one may follow the other: one head says of both what they are. A decoder is told anew of rates and channels, a copy is not. */
const isAlike = (step: WorkerStep, one: Media, other: Media): boolean => {
  const { picture, sound } = takes(step);
  if (picture && one.videoCodec !== other.videoCodec) return false;
  if (!sound) return true;
  if (one.audioCodec !== other.audioCodec) return false;
  const isSampledAlike =
    isAsKnown(one.audioSampleRate, other.audioSampleRate) &&
    isAsKnown(one.audioChannels, other.audioChannels);
  return !isCopy(step) || isSampledAlike;
};

const textOf = ({ videoCodec, audioCodec, audioSampleRate, audioChannels }: Media): string =>
  [
    videoCodec ?? 'no picture',
    audioCodec === undefined
      ? 'no sound'
      : `${audioCodec} (${audioSampleRate} Hz, ${audioChannels} channels)`,
  ].join(' with ');

const misfitOf = (step: WorkerStep, media: Media): string | undefined => {
  if (!isCopy(step)) return undefined;
  const { videoCodec, audioCodec } = media;
  if (takes(step).picture && videoCodec !== undefined && !holdsVideo(step.format, videoCodec))
    return videoCodec;
  return audioCodec !== undefined && !holdsAudio(step.format, media) ? audioCodec : undefined;
};

/**
 * Why nothing can be made of what a step reads, in words; undefined when something can. ffmpeg would write it all the same,
 * and nobody could play it. Pure. @param parts in the order in which they follow one another
 */
export const unsuitable = (step: WorkerStep, parts: readonly Media[]): string | undefined => {
  const [first] = parts;
  if (first === undefined) return undefined;
  const other = parts.find((part) => !isAlike(step, first, part));
  if (other !== undefined) {
    return `It changes on its way: ${textOf(first)}, then ${textOf(other)}. Only what is encoded alike can be joined, as with content "transcoded", or a transcode of each file.`;
  }
  if (step.kind === 'transcode' && takes(step).picture && first.videoCodec !== undefined) {
    if (first.width === undefined) return 'It does not tell the size of its picture.';
  }
  const codec = misfitOf(step, first);
  return codec === undefined || !isCopy(step)
    ? undefined
    : `${step.format} cannot hold ${codec}; a transcode makes it something that it can.`;
};
