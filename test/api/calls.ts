import { pngOf } from '../../shared/images/image.fixture.ts';
import { type World, watermarkImage } from './world.ts';

export interface Call {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly ifMatch?: string;
}

export interface BadCall extends Call {
  readonly status: number;
  /** Last part of the problem's type. */
  readonly code: string;
}

export interface Calls {
  good(world: World): Call;
  /** What must be refused, and how. */
  bad(world: World): readonly BadCall[];
}

const NONE = 'none_1';
const invalid = { status: 400, code: 'invalid-request' } as const;
const untrusted = { status: 401, code: 'unauthenticated' } as const;
const missing = { status: 404, code: 'not-found' } as const;
const unversioned = { status: 428, code: 'precondition-required' } as const;
const outdated = { ifMatch: '"x"', status: 412, code: 'precondition-failed' } as const;
const inUse = { status: 409, code: 'in-use' } as const;

const list = (query: Readonly<Record<string, string>> = {}): Calls => ({
  good: () => ({ query: { limit: '2', ...query } }),
  bad: () => [
    { query: { limit: '0' }, ...invalid },
    { query: { cursor: 'forged' }, ...invalid },
    { query: { unknown: '1' }, ...invalid },
  ],
});

const source = { url: 'rtmp://origin.example.com/{app}/{stream}' };
const image = watermarkImage(pngOf());
const bucket = { bucket: 'recordings', region: 'eu-central-1' };

/** For every operation of the API, by its id, one call that is right and at least one that is not. */
export const CALLS: Readonly<Record<string, Calls>> = {
  createDomain: {
    good: () => ({ body: { domain: 'new.example.com', adapter: 'nginx-rtmp', source, losslessStart: true } }),
    bad: ({ domain }) => [
      { body: { domain: 'UPPER', adapter: 'nginx-rtmp', source }, ...invalid },
      { body: { domain: 'b.example.com', adapter: 'webhook', source, losslessStart: true }, ...invalid },
      {
        body: { domain: 'b.example.com', adapter: 'srs', source: { url: 'file:///etc/{stream}' } },
        ...invalid,
      },
      {
        body: { domain: 'b.example.com', adapter: 'srs', source, standbys: [{ standbyId: NONE }] },
        ...invalid,
      },
      { body: { domain, adapter: 'srs', source }, status: 409, code: 'exists' },
    ],
  },
  listDomains: list(),
  getDomain: {
    good: ({ domain }) => ({ params: { domain } }),
    bad: () => [{ params: { domain: 'nowhere.example.com' }, ...missing }],
  },
  replaceDomain: {
    good: ({ domain }) => ({
      params: { domain },
      body: { adapter: 'srs', source, enabled: false },
      ifMatch: '*',
    }),
    bad: ({ domain }) => [
      { params: { domain }, body: { adapter: 'srs', source }, ...unversioned },
      { params: { domain }, body: { adapter: 'srs', source }, ...outdated },
      { params: { domain }, body: { adapter: 'other', source }, ifMatch: '*', ...invalid },
    ],
  },
  rotateDomainSecret: {
    good: ({ domain }) => ({ params: { domain }, body: {} }),
    bad: ({ domain }) => [{ params: { domain }, body: { secret: 'short' }, ...invalid }],
  },
  deleteDomain: {
    good: ({ freeDomains: [domain] }) => ({ params: { domain } }),
    bad: ({ domain }) => [{ params: { domain }, ...inUse }],
  },
  createStorage: {
    good: () => ({ body: { name: 'new', ...bucket } }),
    bad: () => [
      { body: { name: 'new-2', bucket: 'B', region: 'eu-central-1' }, ...invalid },
      { body: { name: 'new-2', ...bucket, credentials: { type: 'role', roleArn: 'me' } }, ...invalid },
    ],
  },
  listStorages: list(),
  getStorage: {
    good: ({ storageId }) => ({ params: { storageId } }),
    bad: () => [{ params: { storageId: NONE }, ...missing }],
  },
  replaceStorage: {
    good: ({ storageId }) => ({ params: { storageId }, body: { name: 'renamed', ...bucket }, ifMatch: '*' }),
    bad: ({ storageId }) => [
      { params: { storageId }, body: { name: 'renamed', ...bucket }, ...unversioned },
      { params: { storageId }, body: { name: 'renamed', ...bucket }, ...outdated },
      { params: { storageId }, body: { name: 'r', ...bucket, region: 'eu-west-1' }, ifMatch: '*', ...inUse },
    ],
  },
  checkStorage: {
    good: ({ storageId }) => ({ params: { storageId } }),
    bad: () => [{ params: { storageId: NONE }, ...missing }],
  },
  deleteStorage: {
    good: ({ freeStorageId: storageId }) => ({ params: { storageId } }),
    bad: ({ storageId }) => [{ params: { storageId }, ...inUse }],
  },
  createTemplate: {
    good: ({ storageId: primary }) => ({ body: { name: 'new', formats: { hls: {} }, storage: { primary } } }),
    bad: ({ storageId: primary, freeStorageId: backup }) => [
      { body: { name: 'b', formats: {}, storage: { primary } }, ...invalid },
      { body: { name: 'b', formats: { mp4: { maxMinutes: 721 } }, storage: { primary } }, ...invalid },
      { body: { name: 'b', formats: { mp4: {} }, storage: { primary: NONE } }, ...invalid },
      { body: { name: 'b', formats: { mp4: {} }, storage: { primary, backup } }, ...invalid },
      { body: { name: 'b', formats: { mp4: {} }, storage: { primary }, recordStandby: true }, ...invalid },
      { body: { name: 'b', formats: { mp4: {} }, storage: { primary }, path: '{StreamID}' }, ...invalid },
      {
        body: {
          ...{ name: 'b', formats: { mp4: {} }, storage: { primary } },
          ...{ content: 'transcoded', transcodeId: NONE },
        },
        ...invalid,
      },
    ],
  },
  listTemplates: list(),
  getTemplate: {
    good: ({ templateId }) => ({ params: { templateId } }),
    bad: () => [{ params: { templateId: NONE }, ...missing }],
  },
  replaceTemplate: {
    good: ({ templateId, storageId: primary }) => ({
      params: { templateId },
      body: { name: 'changed', formats: { flv: {} }, storage: { primary } },
      ifMatch: '*',
    }),
    bad: ({ templateId, storageId: primary }) => {
      const body = { name: 'changed-2', formats: { flv: {} }, storage: { primary } };
      return [
        { params: { templateId }, body, ...unversioned },
        { params: { templateId }, body, ...outdated },
        { params: { templateId }, body: { ...body, name: 'a b' }, ifMatch: '*', ...invalid },
      ];
    },
  },
  deleteTemplate: {
    good: ({ freeTemplateId: templateId }) => ({ params: { templateId } }),
    bad: ({ templateId }) => [{ params: { templateId }, ...inUse }],
  },
  createWatermark: {
    good: () => ({ body: { name: 'new', images: [image] } }),
    bad: () => [
      { body: { name: 'b', images: [] }, ...invalid },
      { body: { name: 'b', images: Array(5).fill(image) }, ...invalid },
      { body: { name: 'b', images: [{ ...image, data: 'R0lGODlh' }] }, ...invalid },
      { body: { name: 'b', images: [{ ...image, data: 'not base64' }] }, ...invalid },
      { body: { name: 'b', images: [{ ...image, xPercent: 101 }] }, ...invalid },
      { body: { name: 'b', images: [{ ...image, data: undefined, sha256: '0'.repeat(64) }] }, ...invalid },
      { body: { name: 'b'.repeat(5_500_000), images: [image] }, status: 413, code: 'body-too-large' },
    ],
  },
  listWatermarks: list(),
  getWatermark: {
    good: ({ watermarkId }) => ({ params: { watermarkId } }),
    bad: () => [{ params: { watermarkId: NONE }, ...missing }],
  },
  replaceWatermark: {
    good: ({ watermarkId }) => ({
      params: { watermarkId },
      body: { name: 'changed', images: [image, { ...image, xPercent: 5 }] },
      ifMatch: '*',
    }),
    bad: ({ watermarkId }) => {
      const body = { name: 'changed-2', images: [image] };
      return [
        { params: { watermarkId }, body, ...unversioned },
        { params: { watermarkId }, body, ...outdated },
        { params: { watermarkId: NONE }, body, ifMatch: '*', ...missing },
        { params: { watermarkId }, body: { ...body, images: [{}] }, ifMatch: '*', ...invalid },
      ];
    },
  },
  deleteWatermark: {
    good: ({ watermarkId }) => ({ params: { watermarkId } }),
    bad: ({ watermarkId }) => [
      { params: { watermarkId: NONE }, ...missing },
      { params: { watermarkId }, ...outdated },
    ],
  },
  createStandby: {
    good: () => ({ body: { name: 'new', data: pngOf().toString('base64') } }),
    bad: () => [
      { body: { name: 'b' }, ...invalid },
      { body: { name: 'b', data: 'R0lGODlh' }, ...invalid },
      { body: { name: 'b', data: 'not base64' }, ...invalid },
      { body: { name: 'b', sha256: '0'.repeat(64) }, ...invalid },
      { body: { name: 'b'.repeat(5_500_000) }, status: 413, code: 'body-too-large' },
    ],
  },
  listStandbys: list(),
  getStandby: {
    good: ({ standbyId }) => ({ params: { standbyId } }),
    bad: () => [{ params: { standbyId: NONE }, ...missing }],
  },
  replaceStandby: {
    good: ({ standbyId }) => ({
      params: { standbyId },
      body: { name: 'changed', data: pngOf({ color: [0, 0, 255, 255] }).toString('base64') },
      ifMatch: '*',
    }),
    bad: ({ standbyId }) => {
      const body = { name: 'changed-2', data: pngOf().toString('base64') };
      return [
        { params: { standbyId }, body, ...unversioned },
        { params: { standbyId }, body, ...outdated },
        { params: { standbyId: NONE }, body, ifMatch: '*', ...missing },
        { params: { standbyId }, body: { name: 'changed-2' }, ifMatch: '*', ...invalid },
      ];
    },
  },
  deleteStandby: {
    good: ({ freeStandbyId: standbyId }) => ({ params: { standbyId } }),
    bad: ({ standbyId, freeStandbyId }) => [
      { params: { standbyId: NONE }, ...missing },
      { params: { standbyId: freeStandbyId }, ...outdated },
      { params: { standbyId }, ...inUse },
    ],
  },
  createTranscode: {
    good: () => ({ body: { name: 'new', video: { codec: 'hevc', crf: 28 }, audio: { codec: 'opus' } } }),
    bad: () => [
      { body: { name: 'b', video: { crf: 20, bitrateKbps: 900 } }, ...invalid },
      { body: { name: 'b', video: { height: 719 } }, ...invalid },
      { body: { name: 'b', audio: { codec: 'opus', bitrateKbps: 320 } }, ...invalid },
      { body: { name: 'b', audio: { codec: 'mp3' } }, ...invalid },
    ],
  },
  listTranscodes: list(),
  getTranscode: {
    good: ({ transcodeId }) => ({ params: { transcodeId } }),
    bad: () => [{ params: { transcodeId: NONE }, ...missing }],
  },
  replaceTranscode: {
    good: ({ transcodeId }) => ({
      params: { transcodeId },
      body: { name: 'changed', video: { codec: 'hevc' } },
      ifMatch: '*',
    }),
    bad: ({ transcodeId }) => {
      const body = { name: 'changed-2', video: {} };
      return [
        { params: { transcodeId }, body, ...unversioned },
        { params: { transcodeId }, body, ...outdated },
        { params: { transcodeId: NONE }, body, ifMatch: '*', ...missing },
        { params: { transcodeId }, body: { ...body, video: { codec: 'av1' } }, ifMatch: '*', ...inUse },
      ];
    },
  },
  deleteTranscode: {
    good: ({ transcodeId }) => ({ params: { transcodeId } }),
    bad: ({ transcodeId }) => [
      { params: { transcodeId: NONE }, ...missing },
      { params: { transcodeId }, ...outdated },
    ],
  },
  createOrchestration: {
    good: () => ({ body: { name: 'new', steps: [{ kind: 'remux', name: 'film', format: 'mp4' }] } }),
    bad: () => {
      const clip = { kind: 'clip', name: 'a', fromSeconds: 0, toSeconds: 5 };
      const steps = (...all: unknown[]) => ({ body: { name: 'b', steps: all }, ...invalid });
      return [
        steps(),
        steps({ kind: 'melt', name: 'a' }),
        steps(clip, clip),
        steps({ ...clip, input: 'a' }),
        steps({ ...clip, input: 'b' }),
        steps({ kind: 'thumbnails', name: 'p' }, { ...clip, input: 'p' }),
        steps({ ...clip, output: { storageId: NONE } }),
        steps({ ...clip, output: { path: '{StreamID}' } }),
      ];
    },
  },
  listOrchestrations: list(),
  getOrchestration: {
    good: ({ orchestrationId }) => ({ params: { orchestrationId } }),
    bad: () => [{ params: { orchestrationId: NONE }, ...missing }],
  },
  replaceOrchestration: {
    good: ({ orchestrationId }) => ({
      params: { orchestrationId },
      body: { name: 'changed', steps: [{ kind: 'thumbnails', name: 'pictures', everySeconds: 5 }] },
      ifMatch: '*',
    }),
    bad: ({ orchestrationId }) => {
      const body = { name: 'changed-2', steps: [{ kind: 'remux', name: 'film', format: 'mp4' }] };
      return [
        { params: { orchestrationId }, body, ...unversioned },
        { params: { orchestrationId }, body, ...outdated },
        { params: { orchestrationId }, body: { ...body, steps: [] }, ifMatch: '*', ...invalid },
        { params: { orchestrationId }, body, ifMatch: '*', ...inUse },
      ];
    },
  },
  deleteOrchestration: {
    good: ({ freeOrchestrationId: orchestrationId }) => ({ params: { orchestrationId } }),
    bad: ({ orchestrationId }) => [{ params: { orchestrationId }, ...inUse }],
  },
  createRule: {
    good: ({ domain, templateId }) => ({ body: { domain, app: 'live', templateId } }),
    bad: ({ domain, templateId }) => [
      { body: { domain, stream: 'demo', templateId }, ...invalid },
      { body: { domain: 'nowhere.example.com', templateId }, ...invalid },
      { body: { domain, templateId }, status: 409, code: 'exists' },
    ],
  },
  createRules: {
    good: ({ freeDomains: domains, templateId }) => ({ body: { domains, templateId } }),
    bad: ({ freeDomains: [free], templateId, domain }) => [
      { body: { domains: [], templateId }, ...invalid },
      { body: { domains: [free, 'nowhere.example.com'], templateId }, ...invalid },
      { body: { domains: [free, domain], templateId }, status: 409, code: 'exists' },
    ],
  },
  listRules: list(),
  matchRule: {
    good: ({ domain }) => ({ query: { domain, app: 'live', stream: 'demo' } }),
    bad: ({ domain }) => [{ query: { domain }, ...invalid }],
  },
  getRule: {
    good: ({ ruleId }) => ({ params: { ruleId } }),
    bad: () => [{ params: { ruleId: NONE }, ...missing }],
  },
  rebindRule: {
    good: ({ ruleId, freeTemplateId: templateId }) => ({
      params: { ruleId },
      body: { templateId },
      ifMatch: '*',
    }),
    bad: ({ ruleId, freeTemplateId: templateId }) => [
      { params: { ruleId }, body: { templateId }, ...unversioned },
      { params: { ruleId }, body: { templateId }, ...outdated },
      { params: { ruleId }, body: { templateId: NONE }, ifMatch: '*', ...invalid },
    ],
  },
  deleteRule: {
    good: ({ ruleId }) => ({ params: { ruleId } }),
    bad: ({ ruleId }) => [
      { params: { ruleId: NONE }, ...missing },
      { params: { ruleId }, ...outdated },
    ],
  },
  createTask: {
    good: ({ domain }) => ({
      body: { domain, app: 'live', stream: 'other', endTime: '2026-11-22T13:00:00Z' },
    }),
    bad: ({ domain }) => {
      const body = { domain, app: 'live', stream: 'other' };
      return [
        { body: { ...body, endTime: '2026-11-22T11:00:00Z' }, ...invalid },
        { body: { ...body, endTime: '2026-11-23T12:00:01Z' }, ...invalid },
        { body: { ...body, startTime: '2026-12-01T12:00:00Z', endTime: '2026-12-01T13:00:00Z' }, ...invalid },
        { body: { ...body, templateId: NONE, endTime: '2026-11-22T13:00:00Z' }, ...invalid },
      ];
    },
  },
  listTasks: list({ from: '2026-11-22T00:00:00Z', to: '2026-11-23T00:00:00Z' }),
  getTask: {
    good: ({ taskId }) => ({ params: { taskId } }),
    bad: () => [{ params: { taskId: NONE }, ...missing }],
  },
  stopTask: {
    good: ({ taskId }) => ({ params: { taskId } }),
    bad: () => [{ params: { taskId: NONE }, ...missing }],
  },
  deleteTask: {
    good: ({ taskId }) => ({ params: { taskId } }),
    bad: () => [{ params: { taskId: NONE }, ...missing }],
  },
  listStreams: list({ live: 'true' }),
  listRecordings: list({ state: 'completed' }),
  getRecording: {
    good: ({ running: recordId }) => ({ params: { recordId } }),
    bad: () => [{ params: { recordId: NONE }, ...missing }],
  },
  stopRecording: {
    good: ({ running: recordId }) => ({ params: { recordId } }),
    bad: () => [{ params: { recordId: NONE }, ...missing }],
  },
  deleteRecording: {
    good: ({ completed: recordId }) => ({ params: { recordId }, query: { objects: 'true' } }),
    bad: ({ running, completed }) => [
      { params: { recordId: NONE }, ...missing },
      { params: { recordId: completed }, query: { objects: 'maybe' }, ...invalid },
      { params: { recordId: running }, status: 409, code: 'not-deletable' },
    ],
  },
  listFiles: {
    good: ({ completed: recordId }) => ({ params: { recordId } }),
    bad: () => [{ params: { recordId: NONE }, ...missing }],
  },
  listPostProcessing: {
    good: ({ completed: recordId }) => ({ params: { recordId } }),
    bad: ({ completed: recordId }) => [
      { params: { recordId: NONE }, ...missing },
      { params: { recordId }, query: { limit: '0' }, ...invalid },
    ],
  },
  getPostProcessing: {
    good: ({ completed: recordId, runId }) => ({ params: { recordId, runId } }),
    bad: ({ completed: recordId }) => [{ params: { recordId, runId: NONE }, ...missing }],
  },
  cancelPostProcessing: {
    good: ({ completed: recordId, runId }) => ({ params: { recordId, runId } }),
    bad: ({ completed: recordId, cancelledRunId: runId }) => [
      { params: { recordId, runId: NONE }, ...missing },
      { params: { recordId, runId }, status: 409, code: 'not-possible' },
    ],
  },
  runPostProcessingAgain: {
    good: ({ completed: recordId, cancelledRunId: runId }) => ({ params: { recordId, runId } }),
    bad: ({ completed: recordId, runId }) => [
      { params: { recordId, runId: NONE }, ...missing },
      { params: { recordId, runId }, status: 409, code: 'not-possible' },
    ],
  },
  reportStepResult: {
    good: ({ completed: recordId, handedRunId: runId, stepToken: token }) => ({
      params: { recordId, runId, step: 'made' },
      body: { status: 'running', token, percent: 40 },
    }),
    bad: ({ completed: recordId, handedRunId: runId, stepToken: token }) => {
      const params = { recordId, runId, step: 'made' };
      return [
        { params, body: { status: 'running', token: 'other', percent: 40 }, ...untrusted },
        { params: { ...params, runId: NONE }, body: { status: 'succeeded', token }, ...untrusted },
        { params, body: { status: 'running', token, percent: 101 }, ...invalid },
        { params, body: { status: 'later', token }, ...invalid },
      ];
    },
  },
  createCallback: {
    good: () => ({ body: { name: 'new', url: 'https://hooks.example.com/in', events: ['file.ready'] } }),
    bad: () => [
      { body: { name: 'b', url: 'https://169.254.169.254/latest' }, ...invalid },
      { body: { name: 'b', url: 'https://127.0.0.1/' }, ...invalid },
      { body: { name: 'b', url: 'ftp://hooks.example.com/' }, ...invalid },
      { body: { name: 'b', url: 'https://me:secret@hooks.example.com/' }, ...invalid },
    ],
  },
  listCallbacks: list(),
  getCallback: {
    good: ({ callbackId }) => ({ params: { callbackId } }),
    bad: () => [{ params: { callbackId: NONE }, ...missing }],
  },
  replaceCallback: {
    good: ({ callbackId }) => ({
      params: { callbackId },
      body: { name: 'changed', url: 'https://hooks.example.com/new' },
      ifMatch: '*',
    }),
    bad: ({ callbackId }) => {
      const body = { name: 'changed', url: 'https://hooks.example.com/new' };
      return [
        { params: { callbackId }, body, ...unversioned },
        { params: { callbackId }, body, ...outdated },
        { params: { callbackId }, body: { ...body, events: ['none'] }, ifMatch: '*', ...invalid },
      ];
    },
  },
  deleteCallback: {
    good: ({ callbackId }) => ({ params: { callbackId } }),
    bad: ({ callbackId }) => [
      { params: { callbackId: NONE }, ...missing },
      { params: { callbackId }, ...outdated },
    ],
  },
  rotateCallbackSecret: {
    good: ({ callbackId }) => ({ params: { callbackId } }),
    bad: () => [{ params: { callbackId: NONE }, ...missing }],
  },
  testCallback: {
    good: ({ callbackId }) => ({ params: { callbackId } }),
    bad: () => [{ params: { callbackId: NONE }, ...missing }],
  },
  listDeliveries: {
    good: ({ callbackId }) => ({ params: { callbackId }, query: { state: 'pending' } }),
    bad: ({ callbackId }) => [
      { params: { callbackId: NONE }, ...missing },
      { params: { callbackId }, query: { state: 'lost' }, ...invalid },
    ],
  },
  getDelivery: {
    good: ({ callbackId, deliveryId }) => ({ params: { callbackId, deliveryId } }),
    bad: ({ callbackId }) => [{ params: { callbackId, deliveryId: NONE }, ...missing }],
  },
  resendDelivery: {
    good: ({ callbackId, deliveryId }) => ({ params: { callbackId, deliveryId } }),
    bad: ({ callbackId }) => [{ params: { callbackId, deliveryId: NONE }, ...missing }],
  },
  createToken: {
    good: () => ({ body: { name: 'ci', scopes: ['read'] } }),
    bad: () => [
      { body: { name: 'ci', scopes: [] }, ...invalid },
      { body: { name: 'ci', scopes: ['admin'] }, ...invalid },
    ],
  },
  listTokens: list(),
  revokeToken: {
    good: ({ tokenId }) => ({ params: { tokenId } }),
    bad: () => [{ params: { tokenId: NONE }, ...missing }],
  },
  describeApi: { good: () => ({}), bad: () => [{ query: { unknown: '1' }, ...invalid }] },
};
