import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { type ApiClient, createApiClient, listOf } from '../api-client.ts';
import { LOCAL_DOMAIN } from '../bootstrap.ts';
import type { LocalRun } from '../index.ts';
import { duration, size } from '../progress.ts';
import { faultsOf, table } from './check.ts';
import { probe } from './probe.ts';
import { FRAMES_PER_SECOND, pushDemo } from './push.ts';

const FORMATS = ['hls', 'mp4', 'flv', 'aac'];
const TEMPLATE = 'demo';
/** From the end of the stream until the recording must be complete. */
const PATIENCE_MS = 30_000;

const namedSchema = z.object({ name: z.string() });
const storageSchema = namedSchema.extend({ storageId: z.string() });
const templateSchema = namedSchema.extend({ templateId: z.string() });
const ruleSchema = z.object({ templateId: z.string(), stream: z.string().optional() });
const recordingSchema = z.object({
  recordId: z.string(),
  state: z.string(),
  startedAt: z.string(),
  reason: z.object({ text: z.string() }).nullish(),
});
const fileSchema = z.object({
  format: z.string(),
  key: z.string(),
  state: z.string(),
  sizeBytes: z.number(),
  readyAt: z.string().nullish(),
  url: z.string().nullish(),
});

/** Binds a template with all formats to the demo's stream, unless an earlier demo on this data folder has. */
const configure = async (api: ApiClient, app: string, stream: string): Promise<void> => {
  const storages = await api.request('GET', '/v1/storages?limit=100', listOf(storageSchema));
  const primary = storages.items.find((storage) => storage.name === 'local')?.storageId;
  const templates = await api.request('GET', '/v1/templates?limit=100', listOf(templateSchema));
  const { templateId } =
    templates.items.find((template) => template.name === TEMPLATE) ??
    (await api.request('POST', '/v1/templates', templateSchema, {
      name: TEMPLATE,
      formats: { hls: {}, mp4: {}, flv: {}, aac: { when: 'always' } },
      storage: { primary },
    }));
  const rules = await api.request('GET', '/v1/rules?limit=100', listOf(ruleSchema));
  if (rules.items.some((rule) => rule.templateId === templateId && rule.stream === stream)) return;
  await api.request('POST', '/v1/rules', z.unknown(), { domain: LOCAL_DOMAIN, app, stream, templateId });
};

/** The recording that began after `since`, once it is complete. @throws when it fails or takes too long */
const completed = async (api: ApiClient, stream: string, since: Date): Promise<string> => {
  const deadline = Date.now() + PATIENCE_MS;
  let last = 'there is none';
  while (Date.now() < deadline) {
    const { items } = await api.request('GET', `/v1/recordings?stream=${stream}`, listOf(recordingSchema));
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
  const api = createApiClient(run.apiUrl, run.adminToken);
  await configure(api, app, stream);
  const since = new Date();
  const endedAt = await pushDemo(`${run.rtmpUrl}/${app}/${stream}`, options.seconds);
  const recordId = await completed(api, stream, since);
  const { items } = await api.request('GET', `/v1/recordings/${recordId}/files`, listOf(fileSchema));

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
