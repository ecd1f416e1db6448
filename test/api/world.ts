import { expect } from 'vitest';
import { hashSecret } from '../../shared/auth/secrets.ts';
import { pngOf } from '../../shared/images/image.fixture.ts';
import { decide } from '../../shared/post-processing/machine.ts';
import { aRemoteStep, aRun } from '../../shared/post-processing/run.fixture.ts';
import { claimIdOf } from '../../shared/post-processing/tries.ts';
import { endReason } from '../../shared/recordings/end-reason.ts';
import { at, recordingWith } from '../../shared/recordings/recording.fixture.ts';
import { FORMATS } from '../../shared/schemas/names.ts';
import type { Run } from '../../shared/schemas/post-processing.ts';
import type { Recording, RecordingFile } from '../../shared/schemas/recording.ts';
import { createFiles } from '../../shared/table/files.ts';
import { createRecordings } from '../../shared/table/recordings.ts';
import { createRuns } from '../../shared/table/runs.ts';
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
  readonly orchestrationId: string;
  readonly freeOrchestrationId: string;
  readonly ruleId: string;
  readonly taskId: string;
  readonly callbackId: string;
  readonly deliveryId: string;
  readonly tokenId: string;
  /** Of a recording that has completed, and of one that is running. */
  readonly completed: string;
  readonly running: string;
  /** Of the completed one: a run that goes on, and one that was cancelled. */
  readonly runId: string;
  readonly cancelledRunId: string;
  /** A run of which others have the step `made`, and their token. */
  readonly handedRunId: string;
  readonly stepToken: string;
}

/** A run of a step that a function has, which may answer with this token. */
export const handedRun = (recordId: string, runId: string, token: string): Run => {
  const decision = decide(aRun(undefined, { recordId, runId, steps: [aRemoteStep('lambda', 'made')] }), {
    ...{ type: 'claim', step: 'made', attempt: 0, claimId: claimIdOf(1), at: at(0), leasedUntil: at(60) },
    remote: { until: at(3600), tokenHash: hashSecret(token) },
  });
  if (decision.type === 'ignored') throw new Error('It was not claimed');
  return decision.next;
};

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
  const orchestration = (suffix: string) =>
    made('/v1/orchestrations', 'orchestrationId', {
      name: `${name}${suffix}`,
      steps: [{ kind: 'thumbnails', name: 'pictures' }],
    });
  const orchestrationId = await orchestration('');
  const template = (suffix: string) =>
    made('/v1/templates', 'templateId', {
      name: `${name}${suffix}`,
      formats: { mp4: {} },
      storage: { primary: storageId },
      postProcessing: { mp4: { orchestrationId } },
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
  const [runId, cancelledRunId, handedRunId] = ['run_goes-on', 'run_cancelled', 'run_handed'];
  const stepToken = `one-time-${worlds}`;
  await createRuns(api.table).create(handedRun(completed, handedRunId, stepToken));
  await createRuns(api.table).create(aRun(undefined, { recordId: completed, runId }));
  const cancelled = decide(aRun(undefined, { recordId: completed, runId: cancelledRunId }), {
    type: 'cancel',
    at: at(10),
  });
  if (cancelled.type === 'changed') await createRuns(api.table).create(cancelled.next);
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
    orchestrationId,
    freeOrchestrationId: await orchestration('-free'),
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
    runId,
    cancelledRunId,
    handedRunId,
    stepToken,
  };
};
