import { AddressRefusedError } from '../../shared/net/address-policy.ts';
import { endReason } from '../../shared/recordings/end-reason.ts';
import type { Format } from '../../shared/schemas/names.ts';
import type { Reason } from '../../shared/schemas/recording.ts';
import { PlaylistError } from '../gate/hls/playlist.ts';
import type { FailedSlaves, FfmpegExit } from './ffmpeg.ts';
import type { SessionState } from './supervise.ts';

/** Why a source could not be opened. */
export const reasonOfFailedOpen = (error: unknown): Reason => {
  if (error instanceof PlaylistError) return endReason('source-unsupported', error.message);
  return error instanceof AddressRefusedError || error instanceof TypeError
    ? endReason('source-refused', error.message)
    : endReason('source-unreachable', error instanceof Error ? error.message : String(error));
};

/** What was not recorded of a stream, and why. */
export interface Loss {
  readonly format: Format;
  readonly why: string;
}

/** What a capture is known by when its ffmpeg has gone. */
export interface Ended {
  readonly exit: FfmpegExit;
  /** Formats that were not written although they should have been, or not to the end. */
  readonly lost: readonly Loss[];
  readonly receivedMedia: boolean;
  /** Whether its recording has media, of this capture or of one before it. */
  readonly hadMedia: boolean;
}

/** In words. */
export const lossText = ({ format, why }: Loss): string =>
  `${format.toUpperCase()} could not be written (${why})`;

/** Why nothing at all was recorded of a session that has ended: the source is not always to blame. */
const reasonOfNothing = ({ exit, lost }: Pick<Ended, 'exit' | 'lost'>): Reason => {
  const [unsupported] = exit.unsupported;
  if (unsupported !== undefined) return endReason('source-unsupported', unsupported);
  if (lost.length === 0) return endReason('source-no-media');
  return endReason('ffmpeg-failed', `${lost.map(lossText).join('; ')}.`);
};

/** Why a capture ended whose ffmpeg went by itself: what the source or ffmpeg did, in this order. */
export const reasonOfExit = (
  { exit, lost, receivedMedia, hadMedia }: Ended,
  session: SessionState,
  inputEnded: boolean,
): Reason => {
  const [unsupported] = exit.unsupported;
  if (session === 'resumed') return endReason('session-resumed');
  if (!hadMedia && unsupported !== undefined) return endReason('source-unsupported', unsupported);
  if (session === 'ended') return hadMedia ? endReason('session-ended') : reasonOfNothing({ exit, lost });
  if (!receivedMedia && unsupported !== undefined) return endReason('source-invalid', unsupported);
  if (inputEnded) return endReason('source-silent');
  if (unsupported !== undefined) return endReason('source-invalid', unsupported);
  return endReason('ffmpeg-failed', exit.lastLines.at(-1));
};

/** Formats, of those that count, which ffmpeg has given up. @param outputs all that it had, in its order */
export const failedOutputs = (
  { failedSlaves }: FailedSlaves,
  outputs: readonly string[],
  counting: readonly Format[],
): Loss[] =>
  failedSlaves.flatMap(({ index, why }) => {
    const format = counting.find((each) => each === outputs[index]);
    return format === undefined ? [] : [{ format, why }];
  });

/** The reason of a capture whose session ended, with what its recording lacks: the owner must know. */
export const withLosses = (reason: Reason, { exit, lost, receivedMedia, hadMedia }: Ended): Reason => {
  if (reason.code !== 'session-ended' || (hadMedia && !receivedMedia)) return reason;
  if (!receivedMedia) return reasonOfNothing({ exit, lost });
  const losses = [...exit.unsupported.slice(0, 1), ...lost.map(lossText)];
  return losses.length === 0
    ? reason
    : { ...reason, text: `${reason.text} Not all of it could be recorded: ${losses.join('; ')}.` };
};
