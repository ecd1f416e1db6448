import { readdir } from 'node:fs/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ListMultipartUploadsCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { Credentials } from '../../local/services/credentials.ts';
import { TABLE } from '../../shared/constants.ts';
import { manifestKeyOf } from '../../shared/recordings/folder.ts';
import { recordingSchema } from '../../shared/schemas/recording.ts';
import { LEASE_SECONDS } from '../../shared/table/recorders.ts';
import type { FileView } from '../support/recorded.ts';
import { type Reader, readerOf, segmentKeys } from './decode.ts';
import { allOf, type Place, type Places } from './places.ts';

/** Where to look; the services themselves, with nothing in between. */
export interface Whereabouts {
  readonly places: Places;
  readonly tableUrl: string;
  readonly tableName: string;
  readonly credentials: Credentials;
  readonly region: string;
  /** Folders in which recorders may keep what they cannot store. */
  readonly scratch: readonly string[];
  /** Processes that recorders have started and that still run. */
  readonly processes: () => Promise<readonly number[]>;
}

/** Objects that belong to a file that a user can see. */
const keysOf = async ({ format, key }: FileView, read: Reader): Promise<string[]> => {
  if (format !== 'hls') return [key];
  // Without its playlist, its segments belong to nothing.
  const playlist = await read(key).catch(() => undefined);
  return playlist === undefined ? [] : [key, ...segmentKeys(key, playlist.toString())];
};

const objects = async (
  { location, bucket, client }: Place,
  expected: ReadonlySet<string>,
): Promise<string[]> => {
  const left: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: bucket }))
    for (const { Key = '' } of Contents) if (!expected.has(Key)) left.push(`object ${location} ${Key}`);
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
  return [...left, ...Uploads.map(({ Key = '' }) => `upload ${location} ${Key}`)];
};

/** Leases of lost recorders are kept for a minute, which is not worth waiting for; clocks may be a minute off. */
const MOST_SKEW_MS = 61_000;

const isForgotten = (item: Record<string, unknown>): boolean =>
  item.lost !== true && Date.now() - Date.parse(String(item.renewedAt)) > LEASE_SECONDS * 1000 + MOST_SKEW_MS;

type Item = Record<string, unknown>;

const everyItem = async (table: DynamoDBDocumentClient, tableName: string): Promise<Item[]> => {
  const all: Item[] = [];
  for await (const { Items = [] } of paginateScan({ client: table }, { TableName: tableName }))
    all.push(...Items);
  return all;
};

const items = (all: readonly Item[]): string[] => {
  const left: string[] = [];
  for (const item of all) {
    const [pk, sk] = [String(item[TABLE.pk]), String(item[TABLE.sk])];
    if (pk.startsWith('RECORDER#') && sk === 'LEASE' && isForgotten(item))
      left.push(`lease ${item.recorderId}`);
    if (!sk.startsWith('FILE#')) continue;
    // A failed file keeps its journal for its deletion.
    if (item.state === 'recording' || item.state === 'waiting') left.push(`open file ${item.key}`);
    if (item.away !== undefined) left.push(`file that is away ${item.key}`);
  }
  return left;
};

const manifests = (all: readonly Item[]): string[] =>
  all
    .filter((item) => item[TABLE.sk] === 'RECORDING')
    .map((item) => manifestKeyOf(recordingSchema.parse(item)));

const scratchFiles = async (folder: string): Promise<string[]> => {
  // Made when it is first needed.
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `file ${parentPath}/${name}`);
};

/**
 * What nobody will ever look at: objects of no file, open uploads, leases of dead recorders, files that nobody closes or
 * brings home, what recorders left on disk, processes that have lost their recorder.
 */
export const leftovers = async (at: Whereabouts, files: readonly FileView[]): Promise<string[]> => {
  const { region, credentials, tableUrl } = at;
  const table = DynamoDBDocumentClient.from(new DynamoDBClient({ region, credentials, endpoint: tableUrl }));
  const { client, bucket } = at.places.primary;
  const stored = files.filter(({ state }) => state !== 'failed');
  const keys = await Promise.all(stored.map((file) => keysOf(file, readerOf(client, bucket))));
  const all = await everyItem(table, at.tableName);
  table.destroy();
  const expected = {
    primary: new Set([...keys.flat(), ...manifests(all)]),
    backup: new Set<string>(),
    spool: new Set<string>(),
  };
  const found = await Promise.all([
    ...allOf(at.places).map((place) => objects(place, expected[place.location])),
    ...at.scratch.map(scratchFiles),
  ]);
  return [...found.flat(), ...items(all), ...(await at.processes()).map((pid) => `process ${pid}`)];
};
