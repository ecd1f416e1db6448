import type { Schemas } from '../../client/index.ts';
import type { Column } from '../output/table.ts';
import { keyText } from '../resources/common.ts';
import { formatDuration } from '../values/duration.ts';
import { formatBitrate, formatBytes } from '../values/format.ts';

type Stream = Schemas['Stream'];
type StreamRecording = Schemas['StreamRecording'];

/** A stream, and one of its recordings if it has any. */
export interface Row {
  readonly stream: Stream;
  readonly recording: StreamRecording | undefined;
  readonly now: Date;
}

/** One row for each recording of a stream, or one for a stream that has none. By name. */
export const rowsOf = (streams: readonly Stream[], now: Date): Row[] =>
  [...streams]
    .sort((one, other) => (keyText(one) < keyText(other) ? -1 : 1))
    .flatMap((stream): Row[] =>
      stream.recordings.length === 0
        ? [{ stream, recording: undefined, now }]
        : stream.recordings.map((recording) => ({ stream, recording, now })),
    );

export const stateOf = ({ stream, recording }: Row): string => {
  if (recording !== undefined) {
    const isWaiting = recording.state === 'recording' && recording.progress === null;
    return isWaiting ? 'waiting for a recorder' : recording.state;
  }
  return stream.notRecorded === null ? 'starting' : 'not recorded';
};

const mediaOf = ({ recording }: Row): string => {
  const media = recording?.media ?? {};
  const { width, height, framesPerSecond, videoCodec, audioCodec } = media;
  const size =
    width === undefined
      ? []
      : [`${width}×${height}${framesPerSecond === undefined ? '' : `@${framesPerSecond}`}`];
  return [...size, [videoCodec, audioCodec].filter((codec) => codec !== undefined).join('+')]
    .join(' ')
    .trim();
};

/** Since the last key frame, as of now. */
const keyFrameAge = ({ recording, now }: Row): string => {
  const progress = recording?.progress;
  if (progress?.lastKeyFrameAgeSeconds === null || progress === undefined || progress === null) return '';
  const sinceReport = Math.max(0, (now.getTime() - Date.parse(progress.at)) / 1000);
  return `${(progress.lastKeyFrameAgeSeconds + sinceReport).toFixed(1)} s`;
};

const durationOf = ({ stream, recording, now }: Row): string => {
  const seconds = recording?.progress?.durationSeconds;
  return formatDuration(seconds ?? (now.getTime() - Date.parse(stream.startedAt)) / 1000);
};

export const WATCH_COLUMNS: readonly Column<Row>[] = [
  ['STREAM', ({ stream }) => keyText(stream)],
  ['STATE', stateOf],
  ['DURATION', durationOf, 'right'],
  [
    'BITRATE',
    ({ recording }) => recording?.progress && formatBitrate(recording.progress.bitsPerSecond),
    'right',
  ],
  [
    'RECEIVED',
    ({ recording }) => recording?.progress && formatBytes(recording.progress.receivedBytes),
    'right',
  ],
  ['MEDIA', mediaOf],
  ['KEY FRAME', keyFrameAge, 'right'],
  ['WRITTEN TO', ({ recording }) => recording?.progress?.location],
  ['REASON', ({ stream, recording }) => (recording === undefined ? stream.notRecorded : undefined)],
];

/** What is told of a row without a terminal, as often as it changes. */
export const lineOf = (row: Row): string => {
  const { stream, recording } = row;
  const parts = [
    keyText(stream),
    recording?.recordId,
    stateOf(row),
    mediaOf(row),
    recording?.progress && `to ${recording.progress.location}`,
    recording === undefined ? stream.notRecorded : undefined,
  ];
  return parts.filter((part) => part !== undefined && part !== null && part !== '').join('  ');
};
