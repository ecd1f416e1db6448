import { setTimeout as delay } from 'node:timers/promises';
import { type Client, createClient, dataOf, itemsOf } from '../../client/index.ts';
import { findStorage, findTemplate, LOCAL_DOMAIN, LOCAL_STORAGE } from '../bootstrap.ts';
import type { LocalRun } from '../index.ts';
import { duration, size } from '../progress.ts';
import { faultsOf, table } from './check.ts';
import { probe } from './probe.ts';
import { FRAMES_PER_SECOND, pushDemo } from './push.ts';

const FORMATS = ['hls', 'mp4', 'flv', 'aac'];
const TEMPLATE = 'demo';
/** From the end of the stream until the recording must be complete. */
const PATIENCE_MS = 30_000;

/** Binds a template with all formats to the demo's stream, unless an earlier demo on this data folder has. */
const configure = async (api: Client, app: string, stream: string): Promise<void> => {
  const primary = (await findStorage(api, LOCAL_STORAGE))?.storageId;
  if (primary === undefined) throw new Error(`There is no storage ${LOCAL_STORAGE}`);
  const { templateId } =
    (await findTemplate(api, TEMPLATE)) ??
    (await dataOf(
      api.POST('/v1/templates', {
        body: {
          name: TEMPLATE,
          formats: { hls: {}, mp4: {}, flv: {}, aac: { when: 'always' } },
          storage: { primary },
        },
      }),
    ));
  const rules = itemsOf((page) => api.GET('/v1/rules', { params: { query: { templateId, ...page } } }));
  for await (const rule of rules) if (rule.stream === stream) return;
  await dataOf(api.POST('/v1/rules', { body: { domain: LOCAL_DOMAIN, app, stream, templateId } }));
};

/** The recording that began after `since`, once it is complete. @throws when it fails or takes too long */
const completed = async (api: Client, stream: string, since: Date): Promise<string> => {
  const deadline = Date.now() + PATIENCE_MS;
  let last = 'there is none';
  while (Date.now() < deadline) {
    const { items } = await dataOf(api.GET('/v1/recordings', { params: { query: { stream } } }));
    const recording = items.find((item) => new Date(item.startedAt) >= since);
    if (recording?.state === 'completed') return recording.recordId;
    if (recording?.state === 'failed')
      throw new Error(`The recording failed: ${recording.reason?.text ?? 'no reason'}`);
    if (recording !== undefined) last = `it is ${recording.state}`;
    await delay(100);
  }
  throw new Error(`No complete recording ${PATIENCE_MS / 1000} s after the stream ended: ${last}`);
};

/**
 * Pushes a stream of `seconds` and checks its recordings.
 * @returns the table of the recordings, and what is wrong with them
 */
export const demonstrate = async (
  run: LocalRun,
  options: { seconds: number; folder: string },
): Promise<{ report: string; faults: string[] }> => {
  const [app, stream] = ['live', 'demo'];
  const api = createClient({ url: run.apiUrl, token: run.adminToken });
  await configure(api, app, stream);
  const since = new Date();
  const endedAt = await pushDemo(`${run.rtmpUrl}/${app}/${stream}`, options.seconds);
  const recordId = await completed(api, stream, since);
  const { items } = await dataOf(
    api.GET('/v1/recordings/{recordId}/files', { params: { path: { recordId } } }),
  );

  const pushed = { frames: options.seconds * FRAMES_PER_SECOND, seconds: options.seconds };
  const faults = FORMATS.filter((format) => !items.some((file) => file.format === format)).map(
    (format) => `There is no ${format} recording`,
  );
  const rows = [['format', 'key', 'size', 'duration', 'frames', 'ready after']];
  for (const { format, key, state, sizeBytes, readyAt, url } of items) {
    if (state !== 'ready' || !url || !readyAt) {
      faults.push(`${format} is ${state}`);
      continue;
    }
    const found = await probe({ format, url }, options.folder);
    faults.push(...faultsOf(format, found, pushed));
    const after = Math.max(0, Date.parse(readyAt) - endedAt) / 1000;
    rows.push([
      format,
      key,
      size(sizeBytes),
      duration(found.durationSeconds),
      String(found.frames),
      `${after.toFixed(2)} s`,
    ]);
  }
  return { report: table(rows), faults };
};
