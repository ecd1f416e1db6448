import { DeleteCommand, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { TABLE } from '../constants.ts';
import { claimed } from '../recordings/machine.ts';
import {
  type Media,
  type Reason,
  type Recording,
  type RecordingState,
  recordingSchema,
} from '../schemas/recording.ts';
import { batchGet } from './batch-get.ts';
import { newestPage } from './newest.ts';
import { type Page, queryPage } from './pages.ts';
import { createRevised } from './revised.ts';
import { succeeds, type Table } from './table.ts';

const keyOf = (recordId: string) => ({ [TABLE.pk]: `RECORDING#${recordId}`, [TABLE.sk]: 'RECORDING' });

/** Whoever offers a recording may still write to it when its job is taken. */
const MOST_TRIES = 20;

const DAY_MS = 86_400_000;

/** Recordings that somebody has, in the order of their owners; the keys of one owner lie between these two. */
const OWNED = 'OWNED';
const firstOf = (owner: string): string => `${owner}#`;
const behind = (owner: string): string => `${owner}$`;

/** When the retention time of a recording that has ended is over. */
const expiryOf = ({ plan, endedAt, startedAt }: Recording): string | undefined =>
  plan.retentionDays === undefined
    ? undefined
    : new Date(Date.parse(endedAt ?? startedAt) + plan.retentionDays * DAY_MS).toISOString();

/** Of one that is being completed, or has ended without anybody being told. */
const ended = ({ endedAt, startedAt }: Recording) => ({ workPk: 'COMPLETING', workSk: endedAt ?? startedAt });

/** Where the sweeper finds a recording that something must still happen to, and since or until when. */
const workOf = (recording: Recording): { workPk: string; workSk: string } | undefined => {
  if (recording.deletion !== undefined) return { workPk: 'DELETING', workSk: recording.deletion.dueAt };
  switch (recording.state) {
    case 'recording':
      return recording.owner === undefined
        ? { workPk: 'UNOWNED', workSk: recording.startedAt }
        : { workPk: OWNED, workSk: `${recording.owner}#${recording.recordId}` };
    case 'paused':
      if (recording.untold) return ended(recording);
      return { workPk: 'PAUSED', workSk: recording.pausedUntil ?? recording.startedAt };
    case 'completing':
      return ended(recording);
    default: {
      if (recording.untold) return ended(recording);
      const expiry = recording.expiredAt === undefined ? expiryOf(recording) : undefined;
      const { untidy } = recording;
      // What expires is cleared away with the rest.
      if (untidy !== undefined && (expiry === undefined || untidy.dueAt < expiry)) {
        return { workPk: 'UNTIDY', workSk: untidy.dueAt };
      }
      return expiry === undefined ? undefined : { workPk: 'RETENTION', workSk: expiry };
    }
  }
};

const itemOf = (recording: Recording): Record<string, unknown> => ({
  ...keyOf(recording.recordId),
  ...recording,
  ...workOf(recording),
  [TABLE.listIndex.pk]: 'RECORDINGS',
  [TABLE.listIndex.sk]: `${recording.startedAt}#${recording.recordId}`,
  [TABLE.streamIndex.pk]: `STREAM#${recording.stream}`,
  [TABLE.streamIndex.sk]: `${recording.startedAt}#${recording.recordId}`,
});

export interface RecordingFilter {
  readonly stream?: string;
  readonly domain?: string;
  readonly app?: string;
  readonly state?: RecordingState;
  readonly taskId?: string;
  /** Recordings that started in this span, RFC 3339. */
  readonly from?: string;
  readonly to?: string;
}

export const createRecordings = (table: Table) => {
  const { client, tableName } = table;
  const get = async (recordId: string): Promise<Recording | undefined> => {
    const { Item } = await client.send(
      new GetCommand({ TableName: tableName, Key: keyOf(recordId), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : recordingSchema.parse(Item);
  };

  const { create, replace } = createRevised(table, itemOf);

  /**
   * Makes `recorderId` the owner, with a new epoch; undefined when the job is void.
   * @param fits asked about the recording before; when it does not, it is left alone
   */
  const claim = async (
    recordId: string,
    epoch: number,
    recorderId: string,
    fits: (recording: Recording) => boolean = () => true,
  ): Promise<Recording | undefined> => {
    let fitting: boolean | undefined;
    for (let attempt = 0; attempt < MOST_TRIES; attempt += 1) {
      const recording = await get(recordId);
      // When the answer to a write was lost, it was refused the second time because of itself.
      const isOurs = attempt > 0 && recording?.owner === recorderId && recording.epoch === epoch + 1;
      if (isOurs) return recording;
      const next = recording === undefined ? undefined : claimed(recording, epoch, recorderId);
      if (next === undefined) return undefined;
      fitting ??= fits(next);
      if (!fitting) return undefined;
      if (await replace(next)) return next;
    }
    throw new Error(`Recording ${recordId} changed ${MOST_TRIES} times while it was claimed`);
  };

  /** Takes the next capture number; undefined when the epoch has moved on and the caller is fenced off. */
  const nextCapture = async (recordId: string, epoch: number): Promise<number | undefined> => {
    const isStillOwned = 'epoch = :epoch AND #state = :recording';
    let captures: number | undefined;
    const held = await succeeds(
      client
        .send(
          new UpdateCommand({
            TableName: tableName,
            Key: keyOf(recordId),
            // The revision rises too: a decision made without this capture must be made again.
            UpdateExpression: 'ADD captures :one, revision :one',
            ConditionExpression: isStillOwned,
            ExpressionAttributeNames: { '#state': 'state' },
            ExpressionAttributeValues: { ':one': 1, ':epoch': epoch, ':recording': 'recording' },
            ReturnValues: 'UPDATED_NEW',
          }),
        )
        .then(({ Attributes }) => {
          captures = recordingSchema.shape.captures.parse(Attributes?.captures);
        }),
    );
    return held ? captures : undefined;
  };

  /** Notes what the stream carries; false when there is no such recording. */
  const setMedia = (recordId: string, media: Media): Promise<boolean> =>
    succeeds(
      client.send(
        new UpdateCommand({
          TableName: tableName,
          Key: keyOf(recordId),
          // The revision rises too: a decision made without this must be made again.
          UpdateExpression: 'SET media = :media ADD revision :one',
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeValues: { ':media': media, ':one': 1 },
        }),
      ),
    );

  /**
   * Notes what is wrong with it, or that nothing is any more. False when there is no such recording, or when something
   * else is wrong with it than its storage.
   */
  const setStorageTrouble = (recordId: string, trouble: Reason | undefined): Promise<boolean> =>
    succeeds(
      client.send(
        new UpdateCommand({
          TableName: tableName,
          Key: keyOf(recordId),
          // The revision rises too: a decision made without this must be made again.
          UpdateExpression: `${trouble === undefined ? 'REMOVE trouble' : 'SET trouble = :trouble'} ADD revision :one`,
          ConditionExpression:
            trouble === undefined
              ? 'trouble.cause = :storage'
              : 'attribute_exists(pk) AND (attribute_not_exists(trouble) OR trouble.cause = :storage)',
          ExpressionAttributeValues: {
            ':one': 1,
            ':storage': 'storage',
            ...(trouble === undefined ? {} : { ':trouble': trouble }),
          },
        }),
      ),
    );

  /** Notes that its recorder is connected to the source; false when that is known, or the caller is fenced off. */
  const setConnected = (recordId: string, epoch: number, at: string): Promise<boolean> =>
    succeeds(
      client.send(
        new UpdateCommand({
          TableName: tableName,
          Key: keyOf(recordId),
          // The revision rises too: a decision made without this must be made again.
          UpdateExpression: 'SET connectedAt = :at ADD revision :one',
          ConditionExpression: 'epoch = :epoch AND attribute_not_exists(connectedAt)',
          ExpressionAttributeValues: { ':at': at, ':epoch': epoch, ':one': 1 },
        }),
      ),
    );

  /** Notes what is wrong with it although it goes on, or that nothing is any more; false when the caller is fenced off. */
  const setTrouble = (recordId: string, epoch: number, trouble: Reason | undefined): Promise<boolean> =>
    succeeds(
      client.send(
        new UpdateCommand({
          TableName: tableName,
          Key: keyOf(recordId),
          // The revision rises too: a decision made without this must be made again.
          UpdateExpression: `${trouble === undefined ? 'REMOVE trouble' : 'SET trouble = :trouble'} ADD revision :one`,
          // Whoever ends it has taken its owner away, and the trouble with it.
          ConditionExpression: 'epoch = :epoch AND attribute_exists(#owner)',
          ExpressionAttributeNames: { '#owner': 'owner' },
          ExpressionAttributeValues: {
            ':epoch': epoch,
            ':one': 1,
            ...(trouble === undefined ? {} : { ':trouble': trouble }),
          },
        }),
      ),
    );

  /**
   * Recordings found in one place of the work index: `UNOWNED`, `PAUSED`, `COMPLETING`, `DELETING`, `UNTIDY` or
   * `RETENTION`, oldest first.
   */
  const inWork = async (workPk: string, before?: string, limit?: number): Promise<Recording[]> => {
    const page = await queryPage(
      client,
      {
        TableName: tableName,
        IndexName: TABLE.workIndex.name,
        KeyConditionExpression: before === undefined ? 'workPk = :pk' : 'workPk = :pk AND workSk < :before',
        ExpressionAttributeValues: { ':pk': workPk, ...(before === undefined ? {} : { ':before': before }) },
      },
      limit === undefined ? {} : { limit },
    );
    return page.items.map((item) => recordingSchema.parse(item));
  };

  /** Notes that the next owner of a recording that is handed over has media; false when it is not that any more. */
  const setReceiving = (recordId: string, epoch: number): Promise<boolean> =>
    succeeds(
      client.send(
        new UpdateCommand({
          TableName: tableName,
          Key: keyOf(recordId),
          // The revision rises too: a decision made without this must be made again.
          UpdateExpression: 'SET handover.receiving = :true ADD revision :one',
          ConditionExpression: 'epoch = :epoch AND handover.epoch < :epoch AND #state = :recording',
          ExpressionAttributeNames: { '#state': 'state' },
          ExpressionAttributeValues: {
            ...{ ':true': true, ':one': 1, ':epoch': epoch },
            ':recording': 'recording',
          },
        }),
      ),
    );

  /**
   * Notes that the recorder that leaves has left the playlist behind, and which key frame it has left out, if it knows.
   * @param epoch of the one that leaves
   * @returns false when the handover has ended otherwise
   */
  const setOver = (recordId: string, epoch: number, fingerprint?: string): Promise<boolean> =>
    succeeds(
      client.send(
        new UpdateCommand({
          TableName: tableName,
          Key: keyOf(recordId),
          // The revision rises too: a decision made without this must be made again.
          UpdateExpression: 'SET handover.#over = :over ADD revision :one',
          ConditionExpression: 'handover.epoch = :epoch',
          ExpressionAttributeNames: { '#over': 'over' },
          ExpressionAttributeValues: {
            ...{ ':one': 1, ':epoch': epoch },
            ':over': fingerprint === undefined ? {} : { fingerprint },
          },
        }),
      ),
    );

  /** Owned recordings whose keys lie between these two. */
  const ownedBetween = async (from: string, to: string): Promise<Recording[]> => {
    const { items } = await queryPage(client, {
      TableName: tableName,
      IndexName: TABLE.workIndex.name,
      KeyConditionExpression: 'workPk = :pk AND workSk BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':pk': OWNED, ':from': from, ':to': to },
    });
    return items.map((item) => recordingSchema.parse(item));
  };

  /** Recordings that this recorder has. Eventually consistent. */
  const ownedBy = (owner: string): Promise<Recording[]> => ownedBetween(firstOf(owner), behind(owner));

  /** Recordings that some other recorder has than these: looks only into the gaps between them. Eventually consistent. */
  const ownedByOthersThan = async (owners: readonly string[]): Promise<Recording[]> => {
    const sorted = [...owners].sort();
    const froms = ['!', ...sorted.map(behind)];
    const tos = [...sorted.map(firstOf), '~'];
    const gaps = await Promise.all(froms.map((from, index) => ownedBetween(from, tos[index] ?? '~')));
    return gaps.flat();
  };

  /** Those of these that there are, in no order. One read for up to 100. Eventually consistent. */
  const getMany = async (recordIds: readonly string[]): Promise<Recording[]> => {
    const items = await batchGet({ client, tableName }, recordIds.map(keyOf));
    return items.map((item) => recordingSchema.parse(item));
  };

  /** Forgets a recording that was decided on at `revision`; false when it has changed since. */
  const remove = (recordId: string, revision: number): Promise<boolean> =>
    succeeds(
      client.send(
        new DeleteCommand({
          TableName: tableName,
          Key: keyOf(recordId),
          ConditionExpression: 'attribute_not_exists(pk) OR revision = :seen',
          ExpressionAttributeValues: { ':seen': revision },
        }),
      ),
    );

  /** Newest first. */
  const list = (
    { stream, from, to, domain, app, state, taskId }: RecordingFilter,
    limit: number,
    cursor?: string,
  ): Promise<Page<Recording>> => {
    const options = { schema: recordingSchema, equal: { domain, app, state, taskId }, from, to };
    return newestPage(
      { client, tableName },
      stream === undefined
        ? { ...options, index: TABLE.listIndex, list: 'RECORDINGS' }
        : { ...options, index: TABLE.streamIndex, list: `STREAM#${stream}` },
      { limit, cursor },
    );
  };

  return {
    get,
    getMany,
    create,
    replace,
    remove,
    claim,
    nextCapture,
    setMedia,
    setStorageTrouble,
    setConnected,
    setReceiving,
    setOver,
    setTrouble,
    inWork,
    ownedBy,
    ownedByOthersThan,
    list,
  };
};
export type Recordings = ReturnType<typeof createRecordings>;
