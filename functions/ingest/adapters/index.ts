import type { Adapter } from '../../../shared/schemas/domain.ts';
import type { IngestAdapter } from './adapter.ts';
import { nginxRtmp } from './nginx-rtmp.ts';
import { nodeMediaServer } from './node-media-server.ts';

export const INGEST_ADAPTERS: Readonly<Record<Adapter, IngestAdapter>> = {
  'nginx-rtmp': nginxRtmp,
  'node-media-server': nodeMediaServer,
};
