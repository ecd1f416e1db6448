import type { Adapter } from '../../../shared/schemas/domain.ts';
import type { IngestAdapter } from './adapter.ts';
import { mediamtx } from './mediamtx.ts';
import { nginxRtmp } from './nginx-rtmp.ts';
import { nodeMediaServer } from './node-media-server.ts';
import { srs } from './srs.ts';
import { webhook } from './webhook.ts';

/** Every adapter that is called over HTTP. Amazon IVS is not: EventBridge hands on its events. */
export type HttpAdapter = Exclude<Adapter, 'ivs'>;

export const INGEST_ADAPTERS: Readonly<Record<HttpAdapter, IngestAdapter>> = {
  'nginx-rtmp': nginxRtmp,
  'node-media-server': nodeMediaServer,
  srs,
  mediamtx,
  webhook,
};

export const isHttpAdapter = (name: string): name is HttpAdapter => Object.hasOwn(INGEST_ADAPTERS, name);
