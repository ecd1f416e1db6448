import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { PageRequest } from '../config/lists.ts';
import { TABLE } from '../constants.ts';
import { fileSchema, type RecordingFile } from '../schemas/recording.ts';
import { type Page, queryPage } from './pages.ts';
import { succeeds, type Table } from './table.ts';

const keyOf = (recordId: string, fileId: string) => ({
  [TABLE.pk]: `RECORDING#${recordId}`,
  [TABLE.sk]: `FILE#${fileId}`,
});

/** Where the sweeper finds a file that something must still happen to, and when it is due. */
const workOf = ({ state, away }: RecordingFile): { workPk: string; workSk: string } | undefined =>
  away !== undefined && (state === 'ready' || state === 'waiting')
    ? { workPk: 'AWAY', workSk: away.dueAt }
    : undefined;

const itemOf = (file: RecordingFile) => ({
  ...keyOf(file.recordId, file.fileId),
  ...file,
  ...workOf(file),
});

export const createFiles = ({ client, tableName }: Table) => {
  const get = async (recordId: string, fileId: string): Promise<RecordingFile | undefined> => {
    const { Item } = await client.send(
      new GetCommand({ TableName: tableName, Key: keyOf(recordId, fileId), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : fileSchema.parse(Item);
  };

  /** False when it exists already. */
  const open = (file: RecordingFile): Promise<boolean> =>
    succeeds(
      client.send(
        new PutCommand({
          TableName: tableName,
          Item: itemOf(file),
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      ),
    );

  /**
   * Writes the file as it is now. False when it is no longer open, or no longer at `epoch`: the caller is
   * fenced off and must not touch the file's objects any more.
   */
  const write = (file: RecordingFile, epoch: number = file.epoch): Promise<boolean> =>
    succeeds(
      client.send(
        new PutCommand({
          TableName: tableName,
          Item: itemOf(file),
          ConditionExpression: '#state = :open AND epoch = :epoch',
          ExpressionAttributeNames: { '#state': 'state' },
          ExpressionAttributeValues: { ':open': 'recording', ':epoch': epoch },
        }),
      ),
    );

  /**
   * Writes what was decided on `seen`. False when that has changed since: its state, its epoch, or when it is due,
   * which whoever works on a file that is away changes first.
   */
  const replace = (next: RecordingFile, seen: RecordingFile): Promise<boolean> =>
    succeeds(
      client.send(
        new PutCommand({
          TableName: tableName,
          Item: itemOf(next),
          ConditionExpression: `#state = :state AND epoch = :epoch AND ${
            seen.away === undefined ? 'attribute_not_exists(away)' : 'away.dueAt = :dueAt'
          }`,
          ExpressionAttributeNames: { '#state': 'state' },
          ExpressionAttributeValues: {
            ':state': seen.state,
            ':epoch': seen.epoch,
            ...(seen.away === undefined ? {} : { ':dueAt': seen.away.dueAt }),
          },
        }),
      ),
    );

  /** Files that are away from home and were due before `time`: the `limit` oldest. Eventually consistent. */
  const away = async (time: string, limit: number): Promise<RecordingFile[]> => {
    const { items } = await queryPage(
      client,
      {
        TableName: tableName,
        IndexName: TABLE.workIndex.name,
        KeyConditionExpression: 'workPk = :pk AND workSk < :time',
        ExpressionAttributeValues: { ':pk': 'AWAY', ':time': time },
      },
      { limit },
    );
    return items.map((item) => fileSchema.parse(item));
  };

  /** One page of the files of a recording, by beginning; consistent. Without a limit all of them. */
  const page = async (
    recordId: string,
    { limit, cursor }: Partial<PageRequest> = {},
  ): Promise<Page<RecordingFile>> => {
    const { items, cursor: next } = await queryPage(
      client,
      {
        TableName: tableName,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :file)',
        ExpressionAttributeValues: { ':pk': `RECORDING#${recordId}`, ':file': 'FILE#' },
        ConsistentRead: true,
      },
      { ...(limit === undefined ? {} : { limit }), ...(cursor === undefined ? {} : { cursor }) },
    );
    return { items: items.map((item) => fileSchema.parse(item)), cursor: next };
  };

  const list = async (recordId: string): Promise<RecordingFile[]> => (await page(recordId)).items;

  const remove = async (recordId: string, fileId: string): Promise<void> => {
    await client.send(new DeleteCommand({ TableName: tableName, Key: keyOf(recordId, fileId) }));
  };

  /** Notes that what the file consisted of is deleted. False when there is no such file. */
  const expire = (recordId: string, fileId: string): Promise<boolean> =>
    succeeds(
      client.send(
        new UpdateCommand({
          TableName: tableName,
          Key: keyOf(recordId, fileId),
          UpdateExpression: 'SET #state = :expired REMOVE journal, away, workPk, workSk',
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeNames: { '#state': 'state' },
          ExpressionAttributeValues: { ':expired': 'expired' },
        }),
      ),
    );

  return { get, open, write, replace, away, page, list, remove, expire };
};
export type Files = ReturnType<typeof createFiles>;
