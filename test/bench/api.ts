import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { bundleForLambda } from '../../infra/esbuild.ts';
import { table } from '../../local/demo/check.ts';
import { ENV } from '../../shared/constants.ts';
import { startApi } from '../support/api.ts';
import { numbers } from './bench.ts';
import { percentile } from './statistics.ts';

/**
 * What the API function weighs, how long a fresh process takes until its first answer, and how long it takes to read
 * a template after that. The table is in a process of its own.
 */

const MOST_BYTES = 1_000_000;
const MOST_COLD_MS = 400;
const MOST_WARM_MS = 15;

const { starts, reads } = numbers({ starts: 10, reads: 500 });

type Child = ChildProcessByStdio<null, Readable, null>;

const started = (args: readonly string[], env: NodeJS.ProcessEnv = process.env): Child =>
  spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env });

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const end = async (child: Child): Promise<void> => {
  const exited = once(child, 'exit');
  if (child.kill()) await exited;
};

/** A template to read, behind a token. @returns the event that reads it, and where it lies */
const prepare = async (): Promise<{ event: unknown; tableName: string }> => {
  const api = await startApi();
  const post = async (path: string, body: unknown) => {
    const { status, json, text } = await api.call('POST', path, { body });
    if (status !== 201) throw new Error(text);
    return json;
  };
  const storage = await post('/v1/storages', { name: 'main', bucket: 'recordings', region: 'eu-central-1' });
  const template = await post('/v1/templates', {
    name: 'shows',
    formats: { hls: {}, mp4: {}, flv: {} },
    storage: { primary: storage.storageId },
  });
  const event = {
    version: '2.0',
    rawPath: `/v1/templates/${template.templateId}`,
    rawQueryString: '',
    headers: { authorization: `Bearer ${api.tokens.read}` },
    isBase64Encoded: false,
    requestContext: { domainName: 'api.example.com', requestId: 'bench', http: { method: 'GET' } },
  };
  return { event, tableName: api.table.tableName };
};

const timesSchema = z.array(z.number());

const folder = await mkdtemp(join(tmpdir(), 'streamkeep-bench-'));
const server = started([script('table-process.ts'), join(folder, 'table')]);
try {
  const [url] = await once(createInterface(server.stdout), 'line');
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_DYNAMODB: url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
  });
  const { event, tableName } = await prepare();
  const [code] = bundleForLambda(['functions/api/handler.ts']);
  if (code === undefined) throw new Error('esbuild made nothing of functions/api/handler.ts');
  const file = join(folder, 'index.mjs');
  await writeFile(file, code);
  // Only the table is there; the addresses of everything else are never used.
  const others = Object.values(ENV).filter((name) => !name.endsWith('_CIDRS'));
  const env = {
    ...process.env,
    ...Object.fromEntries(others.map((name) => [name, 'http://127.0.0.1:1/none'])),
    [ENV.tableName]: tableName,
  };

  const cold: number[] = [];
  let warm: number[] = [];
  for (let start = 1; start <= starts; start += 1) {
    const begun = performance.now();
    const child = started(
      [script('api-process.mjs'), file, JSON.stringify(event), start === starts ? String(reads) : '0'],
      env,
    );
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const first = await lines.next();
    cold.push(performance.now() - begun);
    const second = await lines.next();
    if (first.done || second.done) throw new Error('The function failed');
    warm = timesSchema.parse(JSON.parse(second.value));
    await end(child);
  }

  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  const figures = [
    {
      what: 'bundle',
      value: code.length,
      most: MOST_BYTES,
      show: (bytes: number) => `${(bytes / 1000).toFixed(0)} kB`,
    },
    { what: `cold start, p50 of ${starts}`, value: percentile(cold, 50), most: MOST_COLD_MS, show: ms },
    { what: `template read, p50 of ${reads}`, value: percentile(warm, 50), most: MOST_WARM_MS, show: ms },
  ];
  const rows = figures.map(({ what, value, most, show }) => [what, show(value), `< ${show(most)}`]);
  const p95 = ['template read, p95', ms(percentile(warm, 95)), ''];
  process.stdout.write(`${table([['', 'measured', 'promised'], ...rows, p95])}\n`);
  process.exitCode = figures.every(({ value, most }) => value < most) ? 0 : 1;
} finally {
  await end(server);
  await rm(folder, { recursive: true, force: true });
}
process.exit();
