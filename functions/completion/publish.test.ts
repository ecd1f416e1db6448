import { describe, expect, it } from 'vitest';
import type { Notice } from '../../shared/events/notices.ts';
import { createRecordedTelemetry, KEY, START } from '../common/world.fixture.ts';
import { createCompletion } from './publish.ts';

const notice: Notice = {
  type: 'recording.started',
  noticeId: 'recording.started',
  at: START,
  recordId: 'rec_1',
  stream: KEY,
};
const JOB = { recordId: 'rec_1', noticeId: 'recording.started' };

const setUp = () => {
  const waiting = new Map([[notice.noticeId, notice]]);
  const published: Notice[] = [];
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
  return { waiting, published, counted, ports: { notices, publish, telemetry } };
};

describe('the completion of a notice', () => {
  it('publishes it and takes it from the obligations', async () => {
    const { ports, waiting, published, counted } = setUp();
    await createCompletion(ports)(JOB);
    expect(published).toEqual([notice]);
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
});
