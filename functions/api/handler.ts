import { systemSources } from '../../shared/config/items.ts';
import { readEnv } from '../../shared/env.ts';
import { createObjectStore } from '../../shared/storage/s3-object-store.ts';
import { openTable } from '../../shared/table/table.ts';
import { createTelemetry } from '../common/telemetry.ts';
import { createApi } from './api.ts';

const { tableName } = readEnv(['tableName']);
const { telemetry, wrap } = createTelemetry();

export const handler = wrap(
  createApi({
    table: openTable(tableName),
    openStore: (bucket) => createObjectStore(bucket),
    sources: systemSources,
    log: telemetry.log,
  }),
);
