import { type Client, dataOf, itemsOf, type Schemas } from '../../client/index.ts';
import type { AnyCommand, CommandSpec } from '../command.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode, UnreachableError } from '../exit.ts';
import { interruptible, pause } from '../interrupt.ts';
import { renderTable } from '../output/table.ts';
import { changedStreams, changeLines, goneStreams, type Seen, seenOf } from './changes.ts';
import { rowsOf, WATCH_COLUMNS } from './rows.ts';

type Stream = Schemas['Stream'];

interface Given {
  readonly domain?: string;
  readonly app?: string;
  readonly stream?: string;
  readonly once?: boolean;
}

const REFRESH_MS = 2000;
const PAGE = 100;
const NOTHING = 'Nothing is live.';

const filterOf = ({ domain, app, stream }: Given) => ({
  ...(domain === undefined ? {} : { domain }),
  ...(app === undefined ? {} : { app }),
  ...(stream === undefined ? {} : { stream }),
});

const liveStreams = async (api: Client, given: Given): Promise<Stream[]> => {
  const query = { live: 'true' as const, ...filterOf(given) };
  const streams: Stream[] = [];
  const all = itemsOf((page) => api.GET('/v1/streams', { params: { query: { ...query, ...page } } }), PAGE);
  for await (const stream of all) streams.push(stream);
  return streams;
};

/** How streams that have ended are now. */
const endedOf = async (api: Client, gone: readonly Stream[]): Promise<Stream[]> => {
  const found = await Promise.all(
    gone.map(async ({ domain, app, stream, sessionId }) => {
      const query = { live: 'false' as const, domain, app, stream };
      const { items } = await dataOf(api.GET('/v1/streams', { params: { query } }));
      return items.filter((item) => item.sessionId === sessionId);
    }),
  );
  return found.flat();
};

/** What is shown of one look at everything; `before` is what was shown last. */
type Show = (streams: readonly Stream[], before: Seen) => Promise<void> | void;

const showerOf = ({ api, io, out }: Context): { show: Show; end: () => void } => {
  const write = (text: string): void => io.out.write(`${text}\n`);
  if (out.isJson) {
    return {
      show: async (streams, before) => {
        const ended = await endedOf(api, goneStreams(before, streams));
        for (const stream of [...changedStreams(before, streams), ...ended]) write(JSON.stringify(stream));
      },
      end: () => undefined,
    };
  }
  if (io.out.isTerminal) {
    const live = io.live('out');
    return {
      show: (streams) => {
        const rows = rowsOf(streams, io.now());
        live.show(rows.length === 0 ? NOTHING : renderTable(rows, WATCH_COLUMNS, io.out));
      },
      end: () => live.end(true),
    };
  }
  return {
    show: (streams, before) => {
      const now = io.now();
      const at = `${now.toISOString().slice(0, 19)}Z`;
      for (const line of changeLines(before, streams, now)) write(`${at}  ${line}`);
    },
    end: () => undefined,
  };
};

const once = async ({ api, io, out }: Context, given: Given): Promise<ExitCode> => {
  const streams = await liveStreams(api, given);
  if (out.isJson) out.item(streams);
  else out.list(rowsOf(streams, io.now()), WATCH_COLUMNS, NOTHING);
  return EXIT.ok;
};

const command: CommandSpec<Given> = {
  usage: 'watch',
  about:
    'Watch what is live and what is being recorded, until Ctrl-C; elsewhere than on a terminal a line for each change',
  examples: [
    'watch',
    'watch --once',
    'watch --json --domain push.example.com   # JSON lines, one for each change',
  ],
  options: [
    { flags: '--domain <domain>', about: 'of this push domain' },
    { flags: '--app <app>', about: 'of this application' },
    { flags: '--stream <stream>', about: 'of this stream' },
    { flags: '--once', about: 'show what is now, and end' },
  ],
  run(context, _, given) {
    if (given.once === true) return once(context, given);
    const { api, out, io } = context;
    return interruptible(io, async (stop) => {
      const { show, end } = showerOf(context);
      let before: Seen = new Map();
      let isFirst = true;
      let isAway = false;
      try {
        while (!stop.aborted) {
          try {
            const streams = await liveStreams(api, given);
            if (isFirst && streams.length === 0 && !out.isJson && !io.out.isTerminal) out.note(NOTHING);
            await show(streams, before);
            before = seenOf(streams);
            isFirst = false;
            isAway = false;
          } catch (error) {
            // Somebody who watches wants to go on watching; whoever begins wants to know.
            if (isFirst || !(error instanceof UnreachableError)) throw error;
            if (!isAway) out.note(`${error.message} Trying again.`);
            isAway = true;
          }
          await pause(REFRESH_MS, stop);
        }
      } finally {
        end();
      }
      return EXIT.ok;
    });
  },
};
export const watchCommand: AnyCommand = command;
