import { endReason } from '../../shared/recordings/end-reason.ts';
import { hlsStaysOpen } from '../../shared/recordings/machine.ts';
import type { Media, Reason, Recording } from '../../shared/schemas/recording.ts';
import type { Files } from '../../shared/table/files.ts';
import type { FileNamer } from '../files/namer.ts';
import type { AddressPolicy } from '../gate/address-policy.ts';
import { parseSource, type Source } from '../gate/source.ts';
import type { HlsFilePorts } from '../outputs/hls-file.ts';
import type { Sink } from '../sink/sink.ts';
import { startFfmpeg } from './ffmpeg.ts';
import { ffmpegArgs, mayBeMpegTs, teeFormats, teeOutputs } from './ffmpeg-args.ts';
import { type Input, openInput } from './input.ts';
import { openOutputs } from './outputs.ts';
import { reasonOfExit, reasonOfFailedOpen, withLosses } from './reasons.ts';
import { type SupervisionOptions, supervise } from './supervise.ts';

export interface CaptureOptions extends Omit<SupervisionOptions, 'recordId'> {
  readonly recording: Recording;
  readonly capture: number;
  readonly namer: FileNamer;
  readonly files: Files;
  readonly ports: HlsFilePorts;
  readonly sink: Sink;
  readonly policy: AddressPolicy;
  /** ffmpeg reads the stream and knows what it carries. */
  onStarted(media: Media): void;
}

/** Abort reason of a recording that has another owner now. */
export const FENCED = Symbol('fenced');

export interface CaptureOutcome {
  readonly reason: Reason;
  /** Whether anything at all was recorded. */
  readonly receivedMedia: boolean;
}

/** One uninterrupted run of ffmpeg for a recording, from connecting to its last file closed. */
export const runCapture = async (options: CaptureOptions): Promise<CaptureOutcome> => {
  const { recording, capture, sink, policy, log } = options;
  const { recordId, plan } = recording;
  let source: Source;
  let input: Input;
  try {
    source = parseSource(plan.sourceUrl, recording);
    input = await openInput(source, policy);
  } catch (error) {
    return { reason: reasonOfFailedOpen(error), receivedMedia: false };
  }

  const media = Promise.withResolvers<Media>();
  let onCodecChange = (): void => undefined;
  const outputs = await openOutputs({
    ...options,
    startedAt: new Date(),
    media: media.promise,
    onCodecChange: () => onCodecChange(),
  }).catch((error: unknown) => {
    input.gate?.close();
    throw error;
  });
  const session = sink.open((path, request) => outputs.receive(path, request));
  const ffmpeg = startFfmpeg(ffmpegArgs(input.args, teeOutputs(plan, session.url, mayBeMpegTs(source))));
  const supervision = supervise({ ...options, recordId }, input, ffmpeg, outputs);
  onCodecChange = () => supervision.end(endReason('codec-changed'));
  void ffmpeg.media.then((found) => {
    media.resolve(found);
    options.onStarted(found);
  });

  const exit = await ffmpeg.exited;
  supervision.stop();
  input.gate?.close();
  // It may have gone before it knew; nobody must wait for that for ever.
  media.resolve({});
  await session.idle();
  session.close();

  const sessionEnded = (): Promise<boolean> =>
    options.sessionEnded().catch((cause: unknown) => {
      // The files are still to be closed, whatever the reason will be.
      log.warn('The session could not be looked up', { recordId, cause });
      return false;
    });
  const receivedMedia = outputs.receivedBytes() > 0;
  const reason = withLosses(
    supervision.reason() ??
      reasonOfExit(exit, await sessionEnded(), input.gate?.endedBySource() ?? exit.code === 0, receivedMedia),
    exit,
    { formats: teeFormats(plan), media: await media.promise, receivedMedia },
  );
  log.info('A capture ended', { recordId, capture, reason, ffmpeg: exit });
  await outputs.close(reason.code === 'session-ended' ? undefined : reason, hlsStaysOpen(plan, reason.code));
  return { reason, receivedMedia };
};
