import { randomBytes } from 'node:crypto';
import type { Schemas } from '../../client/index.ts';
import type { AnyCommand, CommandSpec } from '../command.ts';
import { FILE_COLUMNS, filesOf } from '../commands/list-files.ts';
import type { Context } from '../context.ts';
import { CliError, EXIT, type ExitCode, UsageError } from '../exit.ts';
import { interruptible } from '../interrupt.ts';
import { createProgress } from '../output/progress.ts';
import { parseList } from '../values/choices.ts';
import { parseDuration } from '../values/duration.ts';
import { createCleanup } from './cleanup.ts';
import { parseDestination } from './destination.ts';
import { type Followed, follow } from './follow.ts';
import { type OneOff, setUp } from './setup.ts';
import { splitSource } from './source.ts';

interface Given {
  readonly to: string;
  readonly format?: string;
  readonly for?: string;
  readonly name?: string;
  readonly region?: string;
  readonly endpoint?: string;
  readonly pathStyle?: boolean;
}

const FORMATS = ['hls', 'mp4', 'flv', 'aac'] as const;
const DAY_SECONDS = 86_400;
/** No task may be longer than a day; its start is a moment before its end is known. */
const LONGEST_SECONDS = DAY_SECONDS - 60;

const lengthOf = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const seconds = parseDuration(text);
  if (seconds < 1 || seconds > DAY_SECONDS) throw new UsageError('--for must be from 1s to 24h');
  return Math.min(seconds, LONGEST_SECONDS);
};

const oneOffOf = (url: string, given: Given): OneOff => {
  const { name, region, endpoint, pathStyle } = given;
  if (name !== undefined && !/^[\w-]{1,64}$/.test(name)) {
    throw new UsageError('--name must be 1–64 letters, digits, _ or -');
  }
  const destination = parseDestination(given.to);
  return {
    source: splitSource(url),
    destination,
    bucket: {
      bucket: destination.bucket,
      ...(region === undefined ? {} : { region }),
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(pathStyle === undefined ? {} : { pathStyle }),
    },
    formats: parseList(given.format ?? 'mp4', FORMATS) as OneOff['formats'],
    name,
    seconds: lengthOf(given.for) ?? LONGEST_SECONDS,
  };
};

const whyNothing = ({ recording, task }: Followed): string =>
  recording?.reason?.text ?? task.reason?.text ?? 'The recording never began.';

const show = ({ out, io }: Context, files: readonly Schemas['File'][]): void => {
  out.list(files, FILE_COLUMNS, '');
  if (out.isJson) return;
  for (const { fileId, url } of files) if (url !== null) io.out.write(`\n${fileId}\n${url}\n`);
};

/** Says what has become of it. */
const conclude = async (context: Context, followed: Followed): Promise<ExitCode> => {
  const { recording, isLeft } = followed;
  if (isLeft) {
    const more = recording === undefined ? '' : ` See \`streamkeep recordings files ${recording.recordId}\`.`;
    throw new CliError(`Not waited for: the files are still being closed.${more}`);
  }
  const files = recording === undefined ? [] : await filesOf(context.api, recording.recordId);
  const ready = files.filter(({ state }) => state === 'ready');
  if (recording === undefined || ready.length === 0) {
    throw new CliError(`Nothing was recorded. ${whyNothing(followed)}`);
  }
  context.out.note(`Recorded as ${recording.recordId}. ${recording.reason?.text ?? ''}`.trim());
  show(context, ready);
  return recording.state === 'completed' ? EXIT.ok : EXIT.failed;
};

const command: CommandSpec<Given> = {
  usage: 'record <source-url>',
  about: 'Record one stream from a URL into a bucket, and wait for it; Ctrl-C ends it in good order',
  examples: [
    'record rtmp://cam.example.com/live/show --to s3://my-recordings/shows --format mp4,hls --for 10m',
    "record 'srt://cam.example.com:9000?streamid=read:cam1' --to s3://my-recordings --region eu-central-1",
  ],
  options: [
    { flags: '--to <s3-url>', about: 'where to: s3://BUCKET or s3://BUCKET/PREFIX', required: true },
    { flags: '--format <formats>', about: 'of hls, mp4, flv and aac; absent: mp4' },
    { flags: '--for <duration>', about: 'how long, such as 90s or 2h; absent: until it ends, 24h at most' },
    { flags: '--name <name>', about: "of the files; absent: the stream's" },
    { flags: '--region <region>', about: 'of the bucket, when there is no storage for it yet' },
    { flags: '--endpoint <url>', about: 'of an S3-compatible store, likewise' },
    { flags: '--path-style', about: 'the bucket is part of the path, likewise' },
  ],
  async run(context, [url = ''], given) {
    const { io, out } = context;
    const oneOff = oneOffOf(url, given);
    const seconds = lengthOf(given.for);
    const cleanup = createCleanup(out);
    const progress = createProgress(io);
    return interruptible(io, async (stop, hurry) => {
      try {
        const { taskId } = await setUp(context, oneOff, randomBytes(5).toString('hex'), cleanup);
        const followed = await follow(context, { taskId, seconds, progress, stop, hurry });
        progress.end();
        return await conclude(context, followed);
      } finally {
        progress.end();
        await cleanup.run();
      }
    });
  },
};
export const recordCommand: AnyCommand = command;
