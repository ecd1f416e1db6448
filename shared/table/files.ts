import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { PageRequest } from '../config/lists.ts';
import { TABLE } from '../constants.ts';
import { fileSchema, type RecordingFile, type Told } from '../schemas/recording.ts';
import { assign } from './assign.ts';
import { type Page, queryPage } from './pages.ts';
import { succeeds, type Table } from './table.ts';

const keyOf = (recordId: string, fileId: string) => ({
  [TABLE.pk]: `RECORDING#${recordId}`,
  [TABLE.sk]: `FILE#${fileId}`,
});

/** What is still to be told of a file; undefined: nothing. Pure. */
export const untoldOf = ({ state, told }: Pick<RecordingFile, 'state' | 'told'>): Told | undefined => {
  if (state === 'expired' || told === 'closed') return undefined;
  const due = state === 'ready' || state === 'failed' ? 'closed' : 'opened';
  return due === told ? undefined : due;
};

/** Where the sweeper finds a file that something must still happen to, and since when. Pure. */
export const workOf = (file: RecordingFile): { workPk?: string; workSk?: string } =>
  untoldOf(file) === undefined ? {} : { workPk: 'UNTOLD', workSk: file.readyAt ?? file.startedAt };

const NOWHERE = { workPk: undefined, workSk: undefined };
const NOTHING_KNOWN = Object.fromEntries(fileSchema.keyof().options.map((name) => [name, undefined]));

/** All that a file is, but for what has been told of it: that goes on while its recorder writes. */
const written = (file: RecordingFile) => {
  const { told: _, ...attributes } = { ...NOTHING_KNOWN, ...file };
  // Whether the opening of an open file has been told is not known here.
  return assign({ ...attributes, ...(file.state === 'recording' ? {} : { ...NOWHERE, ...workOf(file) }) });
};

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
          Item: { ...keyOf(file.recordId, file.fileId), ...file, ...workOf(file) },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      ),
    );

  /**
   * Writes the file as it is now. False when it is no longer open, or no longer at `epoch`: the caller is
   * fenced off and must not touch the file's objects any more.
   */
  const write = (file: RecordingFile, epoch: number = file.epoch): Promise<boolean> => {
    const { ExpressionAttributeValues, ...update } = written(file);
    return succeeds(
      client.send(
        new UpdateCommand({
          TableName: tableName,
          Key: keyOf(file.recordId, file.fileId),
          ...update,
          ConditionExpression: '#state = :open AND #epoch = :seen',
          ExpressionAttributeValues: { ...ExpressionAttributeValues, ':open': 'recording', ':seen': epoch },
        }),
      ),
    );
  };

  /** Notes what has been told of a file, which strikes that off. False when its state is another one by now. */
  const tell = (file: RecordingFile, told: Told): Promise<boolean> => {
    const { ExpressionAttributeValues, ExpressionAttributeNames, ...update } = assign({
      told,
      ...NOWHERE,
      ...workOf({ ...file, told }),
    });
    return succeeds(
      client.send(
        new UpdateCommand({
          TableName: tableName,
          Key: keyOf(file.recordId, file.fileId),
          ...update,
          ConditionExpression: '#state = :seen',
          ExpressionAttributeNames: { ...ExpressionAttributeNames, '#state': 'state' },
          ExpressionAttributeValues: { ...ExpressionAttributeValues, ':seen': file.state },
        }),
      ),
    );
  };

  /** The `limit` oldest files that should have been told of before `time`. */
  const untold = async (time: Date, limit: number): Promise<RecordingFile[]> => {
    const { items } = await queryPage(
      client,
      {
        TableName: tableName,
        IndexName: TABLE.workIndex.name,
        KeyConditionExpression: 'workPk = :pk AND workSk < :time',
        ExpressionAttributeValues: { ':pk': 'UNTOLD', ':time': time.toISOString() },
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
          UpdateExpression: 'SET #state = :expired REMOVE journal, workPk, workSk',
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeNames: { '#state': 'state' },
          ExpressionAttributeValues: { ':expired': 'expired' },
        }),
      ),
    );

  return { get, open, write, tell, untold, page, list, remove, expire };
};
export type Files = ReturnType<typeof createFiles>;
