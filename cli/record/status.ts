import type { Schemas } from '../../client/index.ts';
import { formatDuration } from '../values/duration.ts';
import { formatBitrate, formatBytes } from '../values/format.ts';

type Recording = Schemas['Recording'];

const codecsOf = ({ media }: Recording): string => {
  const { width, height, videoCodec, audioCodec } = media ?? {};
  const codecs = [videoCodec, audioCodec].filter((codec) => codec !== undefined).join('+');
  return width === undefined ? codecs : `${width}×${height} ${codecs}`;
};

/** What is going on, for a terminal, and as a line for elsewhere that changes only when the state does. */
export interface Status {
  readonly text: string;
  readonly line: string;
}

const WAITING = 'Waiting for a recorder';
const CONNECTING = 'Waiting for the source';
const CLOSING = 'Closing the files';

/**
 * @param seconds how long it is to be; undefined: until the stream ends
 * @param reason why the task waits although the stream is there
 */
export const statusOf = (
  recording: Recording | undefined,
  seconds: number | undefined,
  reason?: string,
): Status => {
  if (recording === undefined) {
    const text = reason === undefined ? WAITING : `${WAITING}: ${reason}`;
    return { text, line: text };
  }
  const { state, progress } = recording;
  if (state !== 'recording') return { text: CLOSING, line: CLOSING };
  if (recording.media === null || progress === null) {
    const text = progress === null ? WAITING : CONNECTING;
    return { text, line: text };
  }
  const media = codecsOf(recording);
  const elapsed = formatDuration(progress.durationSeconds);
  const parts = [
    `Recording ${seconds === undefined ? elapsed : `${elapsed} of ${formatDuration(seconds)}`}`,
    formatBitrate(progress.bitsPerSecond),
    formatBytes(progress.receivedBytes),
    media,
    ...(progress.location === 'primary' ? [] : [`to the ${progress.location}`]),
  ];
  return { text: parts.join('  '), line: `Recording ${media}` };
};
