import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** What a local run is started with. A port of 0 chooses a free one. */
export interface LocalOptions {
  /** Absolute path of the data folder. */
  readonly data: string;
  /** Address the API, the ingest and S3 listen on. */
  readonly host: string;
  readonly port: number;
  readonly rtmpPort: number;
  readonly s3Port: number;
  /** Recorder processes; absent: as many as the template's service wants. */
  readonly recorders?: number;
}

export type ParsedOptions =
  | { readonly type: 'run'; readonly options: LocalOptions }
  | { readonly type: 'help' }
  | { readonly type: 'bad'; readonly problems: readonly string[] };

export const DEFAULTS = {
  data: '.streamkeep',
  host: '127.0.0.1',
  port: 8080,
  rtmpPort: 1935,
  s3Port: 4566,
} as const;

export const USAGE = `Usage: npm start -- [options]

  --data DIR        where everything is kept             (${DEFAULTS.data})
  --host ADDRESS    address to listen on                 (${DEFAULTS.host})
  --port N          port of the API; 0: a free one       (${DEFAULTS.port})
  --rtmp-port N     port of the RTMP ingest              (${DEFAULTS.rtmpPort})
  --s3-port N       port of the S3 server                (${DEFAULTS.s3Port})
  --recorders N     recorder processes                   (as the infrastructure says)
  --help            show this`;

const whole = (name: string, given: string, least: number, most: number, problems: string[]): number => {
  const value = Number(given);
  if (/^\d+$/.test(given) && value >= least && value <= most) return value;
  problems.push(`--${name} must be a whole number from ${least} to ${most}, not '${given}'`);
  return least;
};

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Reads the command line (without node and script). All faults are reported together. */
export const parseOptions = (args: readonly string[]): ParsedOptions => {
  let values: Record<string, string | boolean | undefined>;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        data: { type: 'string', default: DEFAULTS.data },
        host: { type: 'string', default: DEFAULTS.host },
        port: { type: 'string', default: String(DEFAULTS.port) },
        'rtmp-port': { type: 'string', default: String(DEFAULTS.rtmpPort) },
        's3-port': { type: 'string', default: String(DEFAULTS.s3Port) },
        recorders: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }));
  } catch (error) {
    return { type: 'bad', problems: [message(error)] };
  }
  if (values.help === true) return { type: 'help' };

  const problems: string[] = [];
  const text = (name: string): string => String(values[name]);
  const port = (name: string): number => whole(name, text(name), 0, 65_535, problems);
  const host = text('host');
  if (isIP(host) === 0 && host !== 'localhost') {
    problems.push(`--host must be an IP address of this machine (127.0.0.1, 0.0.0.0, ...), not '${host}'`);
  }
  if (text('data') === '') problems.push('--data must name a folder');
  const recorders =
    values.recorders === undefined ? undefined : whole('recorders', text('recorders'), 0, 16, problems);
  const options: LocalOptions = {
    data: resolve(text('data')),
    host,
    port: port('port'),
    rtmpPort: port('rtmp-port'),
    s3Port: port('s3-port'),
    ...(recorders !== undefined && { recorders }),
  };
  const fixed = [options.port, options.rtmpPort, options.s3Port].filter((value) => value !== 0);
  if (problems.length === 0 && new Set(fixed).size !== fixed.length) {
    problems.push('--port, --rtmp-port and --s3-port must differ');
  }
  return problems.length > 0 ? { type: 'bad', problems } : { type: 'run', options };
};
