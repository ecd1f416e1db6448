import type { Adapter } from '../../schemas/domain.ts';
import type { ServerApi } from '../snapshot.ts';
import { mediamtx } from './mediamtx.ts';
import { nginxRtmp } from './nginx-rtmp.ts';
import { nodeMediaServer } from './node-media-server.ts';
import { srs } from './srs.ts';

/** The servers that can be asked what is live. */
export const SERVER_APIS: Readonly<Partial<Record<Adapter, ServerApi>>> = {
  'nginx-rtmp': nginxRtmp,
  'node-media-server': nodeMediaServer,
  srs,
  mediamtx,
};
