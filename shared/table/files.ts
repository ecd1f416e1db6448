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

/** Where the sweeper finds a file that something must still happen to, and since or from when. Pure. */
export const workOf = (file: RecordingFile): { workPk?: string; workSk?: string } => {
  const { state, away } = file;
  const home = away === undefined ? undefined : { workPk: 'AWAY', workSk: away.dueAt };
  // What is untold of one that waits is told when it is ready: the recorder that lets it wait does not know of it.
  if (state === 'waiting' && home !== undefined) return home;
  if (untoldOf(file) !== undefined) return { workPk: 'UNTOLD', workSk: file.readyAt ?? file.startedAt };
  // While it is open its recorder is at it.
  return state === 'ready' && home !== undefined ? home : {};
};

const NOWHERE = { workPk: undefined, workSk: undefined };
const NOTHING_KNOWN = Object.fromEntries(fileSchema.keyof().options.map((name) => [name, undefined]));

/** All that a file is, but for what has been told of it: that goes on while its recorder writes. */
const written = (file: RecordingFile) => {
  const { told: _, ...attributes } = { ...NOTHING_KNOWN, ...file };
  // Whether the opening of an open file has been told is not known here.
  return assign({ ...attributes, ...(file.state === 'recording' ? {} : { ...NOWHERE, ...workOf(file) }) });
};

/** Whether a file is as somebody has decided on it, but for what has been told of it meanwhile. Pure. */
export const isUnchanged = (now: RecordingFile, seen: RecordingFile): boolean =>
  now.state === seen.state && now.epoch === seen.epoch && now.away?.dueAt === seen.away?.dueAt;

export const withTold = ({ told: _, ...file }: RecordingFile, told: Told | undefined): RecordingFile => ({
  ...file,
  ...(told === undefined ? {} : { told }),
});

/** A condition on the state, and on when it is due at home, which are what its place in the work index follows from. */
const sameWork = ({ state, away }: RecordingFile) => ({
  condition: `#state = :seen AND ${away === undefined ? 'attribute_not_exists(away)' : 'away.dueAt = :seenDueAt'}`,
  values: { ':seen': state, ...(away === undefined ? {} : { ':seenDueAt': away.dueAt }) },
});

/** `isUnchanged` as a condition, with how far its notices have come. */
const unchanged = (file: RecordingFile) => {
  const { epoch, told } = file;
  const { condition, values } = sameWork(file);
  const sameTold = told === undefined ? 'attribute_not_exists(told)' : 'told = :told';
  return {
    ConditionExpression: `${condition} AND epoch = :epoch AND ${sameTold}`,
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: {
      ...{ ...values, ':epoch': epoch },
      ...(told === undefined ? {} : { ':told': told }),
    },
  };
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
  const tell = async (seen: RecordingFile, told: Told): Promise<boolean> => {
    for (let now: RecordingFile | undefined = seen; now?.state === seen.state; ) {
      const { condition, values } = sameWork(now);
      const { ExpressionAttributeValues, ExpressionAttributeNames, ...update } = assign({
        told,
        ...NOWHERE,
        ...workOf({ ...now, told }),
      });
      const isWritten = await succeeds(
        client.send(
          new UpdateCommand({
            TableName: tableName,
            Key: keyOf(now.recordId, now.fileId),
            ...update,
            ConditionExpression: condition,
            ExpressionAttributeNames: { ...ExpressionAttributeNames, '#state': 'state' },
            ExpressionAttributeValues: { ...ExpressionAttributeValues, ...values },
          }),
        ),
      );
      if (isWritten) return true;
      // It may be on its way home, and be due at another time.
      now = await get(seen.recordId, seen.fileId);
    }
    return false;
  };

  /** The `limit` oldest files in one place of the work index, before `time`. */
  const inWork = async (workPk: 'UNTOLD' | 'AWAY', time: string, limit: number): Promise<RecordingFile[]> => {
    const { items } = await queryPage(
      client,
      {
        TableName: tableName,
        IndexName: TABLE.workIndex.name,
        KeyConditionExpression: 'workPk = :pk AND workSk < :time',
        ExpressionAttributeValues: { ':pk': workPk, ':time': time },
      },
      { limit },
    );
    return items.map((item) => fileSchema.parse(item));
  };

  /** The `limit` oldest files that should have been told of before `time`. Eventually consistent. */
  const untold = (time: Date, limit: number): Promise<RecordingFile[]> =>
    inWork('UNTOLD', time.toISOString(), limit);

  /** Files that are away from home and were due before `time`: the `limit` oldest. Eventually consistent. */
  const away = (time: string, limit: number): Promise<RecordingFile[]> => inWork('AWAY', time, limit);

  /**
   * Writes what was decided on `seen`. False when that has changed since: its state, its epoch, or when it is due,
   * which whoever works on a file that is away changes first. What has been told of it meanwhile stays told.
   */
  const replace = async (next: RecordingFile, seen: RecordingFile): Promise<boolean> => {
    for (let now: RecordingFile | undefined = seen; now !== undefined && isUnchanged(now, seen); ) {
      const told: Told | undefined = now.told;
      const file = withTold(next, told);
      const isWritten = await succeeds(
        client.send(
          new PutCommand({
            TableName: tableName,
            Item: { ...keyOf(file.recordId, file.fileId), ...file, ...workOf(file) },
            ...unchanged(now),
          }),
        ),
      );
      if (isWritten) return true;
      now = await get(next.recordId, next.fileId);
      // Nothing has been told since: it was something else.
      if (now?.told === told) return false;
    }
    return false;
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

  return { get, open, write, tell, untold, replace, away, page, list, remove, expire };
};
export type Files = ReturnType<typeof createFiles>;
