import * as z from 'zod';
import { below, notAfter, type ServerApi } from '../snapshot.ts';

const streamSchema = z.object({
  app: z.string(),
  name: z.string(),
  /** `idle`: players only; `reconnecting`: the publisher is gone and may come back, which it has 30 s for. */
  status: z.enum(['publishing', 'reconnecting', 'idle']),
  publisher: z.object({ id: z.string(), createTime: z.number() }).nullable(),
  /** Bytes per second over the last seconds. */
  inBps: z.number().optional(),
});
const answerSchema = z.object({
  success: z.literal(true),
  data: z.object({ streams: z.array(streamSchema) }),
});

/** The HTTP API of node-media-server 4. It answers nobody without a token, which a proxy in front of it must add. */
export const nodeMediaServer: ServerApi = {
  url: (base) => below(base, '/api/v1/streams'),
  parse: (body, { askedAt }) => {
    const { streams } = answerSchema.parse(JSON.parse(body)).data;
    const pushes = streams
      .filter(({ status }) => status !== 'idle')
      .map(({ app, name, status, publisher, inBps }) => ({
        app,
        stream: name,
        ...(publisher === null || status !== 'publishing'
          ? {}
          : { clientId: publisher.id, startedAt: notAfter(publisher.createTime, askedAt) }),
        ...(inBps === undefined ? {} : { isSending: inBps > 0 }),
      }));
    return { pushes, isComplete: true };
  },
};
