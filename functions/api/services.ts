import { readSigningKey } from '../../shared/auth/signing-key.ts';
import { createTokens } from '../../shared/auth/tokens.ts';
import { createDomains } from '../../shared/config/domains.ts';
import type { Sources } from '../../shared/config/items.ts';
import { createRules } from '../../shared/config/rules.ts';
import { createStorages } from '../../shared/config/storages.ts';
import { createTemplates } from '../../shared/config/templates.ts';
import type { Bucket } from '../../shared/schemas/storage.ts';
import type { ObjectStore } from '../../shared/storage/object-store.ts';
import { createFiles } from '../../shared/table/files.ts';
import { createRecorders } from '../../shared/table/recorders.ts';
import { createRecordings } from '../../shared/table/recordings.ts';
import { createStreams } from '../../shared/table/streams.ts';
import type { Table } from '../../shared/table/table.ts';
import type { Log } from '../common/telemetry.ts';

/** What the API reaches the world through. */
export interface ApiPorts {
  readonly table: Table;
  openStore(bucket: Bucket): ObjectStore;
  readonly sources: Sources;
  readonly log: Log;
}

/** Clients hold connections, so each bucket's is made once. */
const rememberingStores = (open: (bucket: Bucket) => ObjectStore) => {
  const stores = new Map<string, ObjectStore>();
  return ({ bucket, region, endpoint, forcePathStyle }: Bucket): ObjectStore => {
    const id = JSON.stringify([bucket, region, endpoint, forcePathStyle]);
    const store = stores.get(id) ?? open({ bucket, region, ...defined({ endpoint, forcePathStyle }) });
    stores.set(id, store);
    return store;
  };
};

/** Without the members that are undefined. */
export const defined = <Value extends object>(value: Value) =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as {
    [Name in keyof Value]?: Exclude<Value[Name], undefined>;
  };

const createSigningKey = (table: Table) => {
  let known: string | undefined;
  return async (): Promise<string> => {
    known ??= await readSigningKey(table);
    return known;
  };
};

/** What the routes work with. */
export const createServices = ({ table, openStore, sources }: ApiPorts) => ({
  domains: createDomains(table, sources),
  storages: createStorages(table, sources),
  templates: createTemplates(table, sources),
  rules: createRules(table, sources),
  tokens: createTokens(table, sources),
  streams: createStreams(table),
  recordings: createRecordings(table),
  files: createFiles(table),
  recorders: createRecorders(table),
  signingKey: createSigningKey(table),
  /** For a storage that is not known yet. */
  openStore,
  storeOf: rememberingStores(openStore),
  now: sources.now,
});
export type Services = ReturnType<typeof createServices>;
