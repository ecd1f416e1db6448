import { expect } from 'vitest';
import type { Config } from '../../shared/config/plan.ts';
import type { PushEvent, StreamEvent } from '../../shared/events/stream-events.ts';
import type { Domain } from '../../shared/schemas/domain.ts';
import type { Recording } from '../../shared/schemas/recording.ts';
import type { Rule } from '../../shared/schemas/rule.ts';
import type { Storage } from '../../shared/schemas/storage.ts';
import type { Template } from '../../shared/schemas/template.ts';
import type { Table } from '../../shared/table/table.ts';
import { createWorld, START } from '../common/world.fixture.ts';
import type { StreamEventPorts } from './on-stream-event.ts';

export const domain: Domain = {
  domain: 'push.example.com',
  adapter: 'nginx-rtmp',
  source: { url: 'rtmp://origin.example.com/{app}/{stream}' },
  enabled: true,
  losslessStart: false,
  secretHash: '',
  createdAt: START,
};
export const rule: Rule = {
  domain: 'push.example.com',
  templateId: 'tpl_1',
  ruleId: 'rul_1',
  createdAt: START,
};
const storage: Storage = {
  storageId: 'sto_1',
  name: 'main',
  bucket: 'recordings',
  region: 'eu-central-1',
  checkedAt: START,
  createdAt: START,
};
export const templateWith = (resumptionTimeout: number): Template => ({
  templateId: 'tpl_1',
  name: 'all',
  description: '',
  content: 'origin',
  recordStandby: false,
  timeZone: 'UTC',
  formats: { hls: { segmentSeconds: 10, resumptionTimeout }, mp4: { maxMinutes: 30 } },
  storage: { primary: 'sto_1' },
  path: '{StreamID}/{RandomID}',
  maxDuration: 5,
  createdAt: START,
  updatedAt: START,
});

export const configWith = (changes: Partial<Config> = {}, resumptionTimeout = 0): Config => ({
  match: async () => ({ domain, rule }),
  template: async () => templateWith(resumptionTimeout),
  parts: async () => ({ storage, backup: undefined }),
  defaultStorage: async () => storage,
  ...changes,
});

/** One stream, and what its ingest server and its recorder do. */
export const createStreamWorld = (table: Table, stream: string) => {
  const world = createWorld(table);
  const key: StreamEvent['key'] = { domain: 'push.example.com', app: 'live', stream };
  let sessions = 0;

  const portsWith = (config: Config = configWith()): StreamEventPorts => ({
    ...world.ports,
    config,
    newSessionId: () => {
      sessions += 1;
      return `ses_${stream}_${String(sessions).padStart(3, '0')}`;
    },
  });

  const started = (clientId: string, seconds = 0): PushEvent => ({
    type: 'started',
    key,
    clientId,
    at: world.clock.at(seconds),
  });
  const stopped = (clientId: string, seconds = 0): PushEvent => ({
    ...started(clientId, seconds),
    type: 'stopped',
  });

  const recordingsOf = async (): Promise<Recording[]> =>
    (await world.ports.recordings.list({ stream }, 50)).items;
  const recordingOf = async (): Promise<Recording> => {
    const [recording, ...others] = await recordingsOf();
    expect(others).toEqual([]);
    if (recording === undefined) throw new Error('There is no recording');
    return recording;
  };
  const streamOf = () => world.ports.streams.get(key);

  /** What a recorder does when it takes the newest job. */
  const claim = async (recorderId = 'rcd_1'): Promise<Recording> => {
    await world.ports.recorders.register(recorderId, 20, world.clock.now());
    const job = world.sent.jobs.at(-1);
    if (job === undefined) throw new Error('There is no job');
    const claimed = await world.ports.recordings.claim(job.recordId, job.epoch, recorderId);
    if (claimed === undefined) throw new Error('The job is void');
    return claimed;
  };
  /** By recordId; of several for one recording the last. */
  const commandsFor = async (recorderId: string) => {
    const commands = await world.ports.recorders.heartbeat(recorderId, 1, [], world.clock.now());
    if (commands === 'lost') return commands;
    return Object.fromEntries(commands.map(({ recordId, ...command }) => [recordId, command]));
  };

  return {
    ...world,
    key,
    portsWith,
    started,
    stopped,
    recordingsOf,
    recordingOf,
    streamOf,
    claim,
    commandsFor,
  };
};
export type StreamWorld = ReturnType<typeof createStreamWorld>;
