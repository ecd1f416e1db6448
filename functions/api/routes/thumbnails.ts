import * as z from 'zod';
import { isValidLink } from '../../../shared/auth/signatures.ts';
import { invalidSignature, notFound } from '../../../shared/problems/problems.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { CUES_ID, CUES_PATH, signedCues } from '../thumbnails.ts';
import { idSchema } from './ids.ts';
import { LINK_QUERY, linkQuery } from './link-query.ts';

type ThumbnailServices = Pick<Services, 'recordings' | 'signingKey' | 'storeOf' | 'now'>;

export const thumbnailRoutes = ({ recordings, signingKey, storeOf, now }: ThumbnailServices): Route[] => [
  route({
    method: 'GET',
    path: CUES_PATH,
    operationId: 'getThumbnails',
    tag: 'Recordings',
    summary: 'WebVTT of the thumbnails, with signed URLs of their sprites. The link is in the recording.',
    scope: 'public',
    params: z.strictObject({ recordId: idSchema }),
    query: linkQuery,
    response: {
      status: 200,
      contentType: 'text/vtt',
      headers: { 'access-control-allow-origin': '*' },
    },
    problems: [403, 502],
    example: {
      params: { recordId: '01KAN2VXJ8Q6S5T4R3P2N1M0K9' },
      query: LINK_QUERY,
    },
    async handle({ params: { recordId }, query: { expires, signature } }) {
      const link = { recordId, fileId: CUES_ID, expires };
      if (!isValidLink(await signingKey(), link, signature, now())) throw invalidSignature();
      const recording = await recordings.get(recordId);
      const store = recording && storeOf(recording.plan.storage);
      const cues = recording && store && (await signedCues(store, recording));
      if (cues === undefined) throw notFound('There are no thumbnails yet.');
      return cues;
    },
  }),
];
