import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ListMultipartUploadsCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { RECORDINGS_BUCKET } from '../../local/bootstrap.ts';
import type { Credentials } from '../../local/services/credentials.ts';
import { TABLE } from '../../shared/constants.ts';
import { LEASE_SECONDS } from '../../shared/table/recorders.ts';
import { type FileView, segmentUrls } from '../support/recorded.ts';

/** Where to look; the services themselves, with nothing in between. */
export interface Whereabouts {
  readonly s3Url: string;
  readonly tableUrl: string;
  readonly tableName: string;
  readonly credentials: Credentials;
  readonly region: string;
}

/** Objects that belong to a file that a user can see. */
const keysOf = async (file: FileView): Promise<string[]> => {
  if (file.format !== 'hls' || file.url === null) return [file.key];
  const urls = segmentUrls(await (await fetch(file.url)).text());
  return [
    file.key,
    ...urls.map((url) => decodeURIComponent(new URL(url).pathname).split('/').slice(2).join('/')),
  ];
};

const objects = async (s3: S3Client, expected: ReadonlySet<string>): Promise<string[]> => {
  const left: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: RECORDINGS_BUCKET }))
    for (const { Key = '' } of Contents) if (!expected.has(Key)) left.push(`object ${Key}`);
  const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket: RECORDINGS_BUCKET }));
  return [...left, ...Uploads.map(({ Key = '' }) => `upload ${Key}`)];
};

const items = async (table: DynamoDBDocumentClient, tableName: string): Promise<string[]> => {
  const left: string[] = [];
  for await (const { Items = [] } of paginateScan({ client: table }, { TableName: tableName })) {
    for (const item of Items) {
      const [pk, sk] = [String(item[TABLE.pk]), String(item[TABLE.sk])];
      if (pk.startsWith('RECORDER#') && sk === 'LEASE') {
        const age = Date.now() - Date.parse(String(item.renewedAt));
        const isHeld = item.lost !== true && age < LEASE_SECONDS * 1000;
        if (!isHeld) left.push(`lease ${item.recorderId}`);
      }
      // A failed file keeps its journal for its deletion.
      const isOpen = sk.startsWith('FILE#') && item.state === 'recording';
      if (isOpen) left.push(`open file ${item.key}`);
    }
  }
  return left;
};

/** What nobody will ever look at: objects of no file, open uploads, leases of dead recorders, files that nobody closes. */
export const leftovers = async (at: Whereabouts, files: readonly FileView[]): Promise<string[]> => {
  const common = { region: at.region, credentials: at.credentials };
  const s3 = new S3Client({ ...common, endpoint: at.s3Url, forcePathStyle: true });
  const table = DynamoDBDocumentClient.from(new DynamoDBClient({ ...common, endpoint: at.tableUrl }));
  const expected = new Set((await Promise.all(files.map(keysOf))).flat());
  const found = await Promise.all([objects(s3, expected), items(table, at.tableName)]);
  s3.destroy();
  table.destroy();
  return found.flat();
};
