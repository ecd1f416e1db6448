import { expect } from 'vitest';
import { pngOf } from '../../shared/images/image.fixture.ts';
import { endReason } from '../../shared/recordings/end-reason.ts';
import { at, recordingWith } from '../../shared/recordings/recording.fixture.ts';
import { FORMATS } from '../../shared/schemas/names.ts';
import type { Recording, RecordingFile } from '../../shared/schemas/recording.ts';
import { createFiles } from '../../shared/table/files.ts';
import { createRecordings } from '../../shared/table/recordings.ts';
import type { TestApi } from '../support/api.ts';

/** One of everything that the API knows, so that every operation has something to work on. */
export interface World {
  readonly domain: string;
  /** Two that nothing is bound to. */
  readonly freeDomains: readonly [string, string];
  readonly storageId: string;
  readonly freeStorageId: string;
  readonly templateId: string;
  readonly freeTemplateId: string;
  /** Of a template with HLS that uses both. */
  readonly watermarkId: string;
  readonly transcodeId: string;
  /** That a domain names, and that none does. */
  readonly standbyId: string;
  readonly freeStandbyId: string;
  readonly ruleId: string;
  readonly taskId: string;
  readonly callbackId: string;
  readonly deliveryId: string;
  readonly tokenId: string;
  /** Of a recording that has completed, and of one that is running. */
  readonly completed: string;
  readonly running: string;
}

/** An image as a watermark is given it, in the upper right corner. */
export const watermarkImage = (image: Buffer) => ({
  data: image.toString('base64'),
  ...{ xPercent: 85, yPercent: 5, widthPercent: 10 },
});

let worlds = 0;

/** Recordings are made by streams, not by requests; this one has a file of every format. */
export const addRecording = async (
  { table }: TestApi,
  recordId: string,
  state: Partial<Recording>,
): Promise<void> => {
  const recording = recordingWith(0, { recordId, ...state });
  await createRecordings(table).create(recording);
  for (const format of FORMATS) {
    const file: RecordingFile = {
      recordId,
      fileId: `c1-${format}`,
      format,
      bucket: recording.plan.storage.bucket,
      key: `${recordId}.${format}`,
      state: recording.endedAt === undefined ? 'recording' : 'ready',
      location: 'primary',
      sizeBytes: 1000,
      durationSeconds: 8.5,
      startedAt: at(0),
      epoch: 1,
      ...(recording.endedAt === undefined ? {} : { readyAt: recording.endedAt }),
    };
    await createFiles(table).open(file);
  }
};

/** Makes them by the API itself, but for recordings, which streams make. */
export const makeWorld = async (api: TestApi): Promise<World> => {
  worlds += 1;
  const name = `w${worlds}`;
  const post = async (path: string, body: unknown): Promise<Record<string, string>> => {
    const answer = await api.call('POST', path, { body });
    expect(answer.status, `${path}: ${answer.text}`).toBeLessThan(300);
    return answer.json;
  };
  const made = async (path: string, id: string, body: unknown): Promise<string> => {
    const { [id]: value = '' } = await post(path, body);
    return value;
  };
  const domain = (prefix: string) =>
    made('/v1/domains', 'domain', {
      domain: `${prefix}.${name}.example.com`,
      adapter: 'srs',
      source: { url: 'rtmp://origin.example.com/{app}/{stream}' },
    });
  const storage = (suffix: string) =>
    made('/v1/storages', 'storageId', {
      name: `${name}${suffix}`,
      bucket: 'recordings',
      region: 'eu-central-1',
    });
  const storageId = await storage('');
  const template = (suffix: string) =>
    made('/v1/templates', 'templateId', {
      name: `${name}${suffix}`,
      formats: { mp4: {} },
      storage: { primary: storageId },
    });
  const [pushed, templateId] = [await domain('push'), await template('')];
  const watermarkId = await made('/v1/watermarks', 'watermarkId', {
    name,
    images: [watermarkImage(pngOf())],
  });
  const transcodeId = await made('/v1/transcodes', 'transcodeId', { name, video: {} });
  await post('/v1/templates', {
    ...{ name: `${name}-transcoding`, content: 'transcoded', watermarkId, transcodeId },
    ...{ formats: { hls: {} }, storage: { primary: storageId } },
  });
  const standby = (suffix: string) =>
    made('/v1/standbys', 'standbyId', { name: `${name}${suffix}`, data: pngOf().toString('base64') });
  const standbyId = await standby('');
  await post('/v1/domains', {
    ...{ domain: `standing.${name}.example.com`, adapter: 'srs', standbys: [{ standbyId }] },
    source: { url: 'rtmp://origin.example.com/{app}/{stream}' },
  });
  const endTime = new Date(api.clock.getTime() + 3_600_000).toISOString();
  const callbackId = await made('/v1/callbacks', 'callbackId', { name, url: 'https://hooks.example.com/' });
  const { deliveryId = '' } = await post(`/v1/callbacks/${callbackId}/test`, undefined);
  const [completed, running] = [`rec_done${worlds}`, `rec_runs${worlds}`];
  await addRecording(api, running, {});
  const reason = endReason('session-ended');
  await addRecording(api, completed, { state: 'completed', endedAt: at(9), reason });
  return {
    domain: pushed,
    freeDomains: [await domain('free'), await domain('other')],
    storageId,
    freeStorageId: await storage('-free'),
    templateId,
    freeTemplateId: await template('-free'),
    watermarkId,
    transcodeId,
    standbyId,
    freeStandbyId: await standby('-free'),
    ruleId: await made('/v1/rules', 'ruleId', { domain: pushed, templateId }),
    taskId: await made('/v1/tasks', 'taskId', {
      domain: pushed,
      app: 'live',
      stream: 'demo',
      templateId,
      endTime,
    }),
    callbackId,
    deliveryId,
    tokenId: await made('/v1/tokens', 'tokenId', { name, scopes: ['read'] }),
    completed,
    running,
  };
};
