import { describe, expect, it } from 'vitest';
import type { Notice } from '../../shared/events/notices.ts';
import { summaryOf } from '../../shared/recordings/summary.ts';
import { createRecordedTelemetry, KEY, recordingWith, START } from '../common/world.fixture.ts';
import { createCompletion } from './publish.ts';

const notice: Notice = {
  type: 'recording.started',
  noticeId: 'recording.started',
  at: START,
  recordId: 'rec_1',
  stream: KEY,
  recording: summaryOf(recordingWith()),
};
const JOB = { recordId: 'rec_1', noticeId: 'recording.started' };

const setUp = () => {
  const waiting = new Map([[notice.noticeId, notice]]);
  const published: Notice[] = [];
  const fannedOut: Notice[] = [];
  const { telemetry, counted } = createRecordedTelemetry();
  const notices = {
    get: async (_: string, noticeId: string) => waiting.get(noticeId),
    remove: async (_: string, noticeId: string) => {
      waiting.delete(noticeId);
    },
  };
  const publish = async (what: Notice) => {
    published.push(what);
  };
  const fanOut = async (what: Notice) => {
    fannedOut.push(what);
  };
  const manifest = { write: async () => true, writeOwed: async () => undefined };
  const startRuns = { forNotice: async () => undefined, forEnded: async () => undefined };
  const ports = { notices, manifest, fanOut, startRuns, publish, telemetry };
  return { waiting, published, fannedOut, counted, ports };
};

describe('the completion of a notice', () => {
  it('sends it to callbacks and the topic, and takes it from the obligations', async () => {
    const { ports, waiting, published, fannedOut, counted } = setUp();
    await createCompletion(ports)(JOB);
    expect(published).toEqual([notice]);
    expect(fannedOut).toEqual([notice]);
    expect(waiting.size).toBe(0);
    expect(counted).toEqual(['NoticesPublished']);
  });

  it('publishes nothing when its message comes again', async () => {
    const { ports, published } = setUp();
    const complete = createCompletion(ports);
    await complete(JOB);
    await complete(JOB);
    expect(published).toHaveLength(1);
  });

  it('keeps the obligation when the topic does not take it', async () => {
    const { ports, waiting } = setUp();
    const complete = createCompletion({ ...ports, publish: () => Promise.reject(new Error('throttled')) });
    await expect(complete(JOB)).rejects.toThrow('throttled');
    expect(waiting.size).toBe(1);
  });

  it('keeps the obligation, and does not publish it, when its deliveries cannot be made', async () => {
    const { ports, waiting, published } = setUp();
    const complete = createCompletion({ ...ports, fanOut: () => Promise.reject(new Error('throttled')) });
    await expect(complete(JOB)).rejects.toThrow('throttled');
    expect(waiting.size).toBe(1);
    expect(published).toEqual([]);
  });
});
