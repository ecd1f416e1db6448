import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Io, Sink } from '../../cli/io.ts';
import { runCli } from '../../cli/program.ts';
import { startApi, type TestApi } from './api.ts';

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into results of every shape
  readonly json: any;
}

export interface CliOptions {
  readonly stdin?: string;
  /** What a person answers to every question; absent: nobody can be asked. */
  readonly answer?: string;
  /** Width of the terminal; absent: there is none. */
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly fetch?: Io['fetch'];
  /** Given what a Ctrl-C does. */
  readonly onListening?: (interrupt: () => void) => void;
  /** Before each request is sent. */
  readonly onRequest?: (request: Request) => Promise<void>;
}

export interface TestCli {
  readonly api: TestApi;
  /** The working folder. */
  readonly folder: string;
  /** Runs a command line, asking `api` unless the environment says otherwise. */
  run(args: readonly string[], options?: CliOptions): Promise<CliResult>;
  close(): Promise<void>;
}

/** Sends requests of a client to an API in this process. */
export const fetchFrom =
  (api: TestApi) =>
  async (request: Request): Promise<Response> => {
    const { pathname, search } = new URL(request.url);
    const raw = await request.text();
    const answer = await api.call(request.method, `${pathname}${search}`, {
      token: null,
      headers: Object.fromEntries(request.headers),
      ...(raw === '' ? {} : { raw }),
    });
    const headers = Object.entries(answer.headers).map(([name, value]): [string, string] => [
      name,
      String(value),
    ]);
    return new Response(answer.status === 204 ? null : answer.text, { status: answer.status, headers });
  };

const sinkOf = (chunks: string[], columns: number | undefined): Sink => ({
  isTerminal: false,
  columns,
  colors: false,
  write: (text) => void chunks.push(text),
});

/** The command line in this process, with an API on a table of its own. */
export const startCli = async (): Promise<TestCli> => {
  const api = await startApi();
  const folder = await mkdtemp(join(tmpdir(), 'streamkeep-cli-'));
  const send = fetchFrom(api);
  return {
    api,
    folder,
    run: async (args, options = {}) => {
      const stdout: string[] = [];
      const stderr: string[] = [];
      const { env = { STREAMKEEP_URL: 'http://api.example.com', STREAMKEEP_TOKEN: api.tokens.all } } =
        options;
      const io: Io = {
        out: sinkOf(stdout, options.columns),
        err: sinkOf(stderr, options.columns),
        env,
        cwd: folder,
        isInteractive: options.answer !== undefined,
        fetch: async (request) => {
          await options.onRequest?.(request);
          return (options.fetch ?? send)(request);
        },
        now: () => api.clock,
        readStdin: async () => options.stdin ?? '',
        ask: async (question) => {
          stderr.push(question);
          return options.answer ?? '';
        },
        live: () => ({ show: () => undefined, end: () => undefined }),
        onInterrupt: (listener) => {
          options.onListening?.(listener);
          return () => undefined;
        },
      };
      const code = await runCli(args, io);
      const text = stdout.join('');
      const isJson = args.includes('--json') && text !== '';
      const isLines = args.includes('watch') && !args.includes('--once');
      const lines = isLines ? text.trim().split('\n') : [text];
      const values = isJson ? lines.map((line) => JSON.parse(line)) : [];
      return { code, stdout: text, stderr: stderr.join(''), json: isLines ? values : values[0] };
    },
    close: async () => {
      await api.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
