import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { TABLE } from '../constants.ts';
import { timeSchema } from '../schemas/names.ts';
import { type Progress, progressSchema } from '../schemas/recording.ts';
import { batchGet } from './batch-get.ts';
import { queryPage } from './pages.ts';
import { succeeds, type Table } from './table.ts';

/** Seconds without a heartbeat after which a recorder counts as lost, by the clock of whoever watches it. */
export const LEASE_SECONDS = 8;

const commandSchema = z.object({
  /** End the recording's capture with this code of `END_REASONS`. */
  stop: z.enum(['session-ended', 'stopped', 'task-ended', 'task-stopped']),
  /** Only when it still records this session; absent: whatever it records. */
  sessionId: z.string().optional(),
  /** The recording goes on with this session: whoever waits for it has a look, and nothing ends. */
  resumed: z.literal(true).optional(),
});
export type RecorderCommand = z.infer<typeof commandSchema>;

const addressedSchema = commandSchema.extend({ recordId: z.string() });
/** A command for one of a recorder's recordings. */
export type AddressedCommand = z.infer<typeof addressedSchema>;

const leaseSchema = z.object({
  recorderId: z.string(),
  /** Rises with each heartbeat. A lease whose beat stays the same has run out, whatever anybody's clock says. */
  beat: z.number().int(),
  /** By the recorder's own clock, so no more than a hint. */
  renewedAt: timeSchema,
  slots: z.number().int(),
  busy: z.number().int(),
  lost: z.boolean().optional(),
  /** It is ending, and takes no more jobs. */
  leaving: z.boolean().optional(),
  /** By what they say; a recorder removes what it has carried out with its next heartbeat. */
  commands: z.record(z.string(), addressedSchema),
});
export type Lease = z.infer<typeof leaseSchema>;

/** The time is the same for all, and a place other than the primary storage is the exception: they cost bytes. */
const reportSchema = z.object({
  at: progressSchema.shape.at,
  recordings: z.record(
    z.string(),
    progressSchema.omit({ at: true }).extend({ location: progressSchema.shape.location.default('primary') }),
  ),
});

const keyOf = (recorderId: string) => ({ [TABLE.pk]: `RECORDER#${recorderId}`, [TABLE.sk]: 'LEASE' });

// Beside the lease, not in it: each heartbeat is billed by the size of the whole item, three times with its index.
const reportKeyOf = (recorderId: string) => ({
  [TABLE.pk]: `RECORDER#${recorderId}`,
  [TABLE.sk]: 'PROGRESS',
});

/** Hours after which the last report of a recorder that is gone goes too. */
const KEEP_REPORT_HOURS = 1;

/** Commands that say the same are one; another one for the same recording stands for itself. */
const nameOf = ({ recordId, stop, sessionId = '', resumed }: AddressedCommand): string =>
  `${recordId}#${resumed ? 'resumed' : stop}#${sessionId}`;

export const createRecorders = ({ client, tableName }: Table) => {
  const register = async (recorderId: string, slots: number, now: Date): Promise<void> => {
    const lease: Lease = { recorderId, beat: 0, renewedAt: now.toISOString(), slots, busy: 0, commands: {} };
    await client.send(
      new PutCommand({
        TableName: tableName,
        Item: { ...keyOf(recorderId), ...lease, workPk: 'RECORDERS', workSk: recorderId },
      }),
    );
  };

  /**
   * Renews the lease and takes away the commands carried out since the last time.
   * @returns the commands that wait, or `lost` when somebody has taken this recorder for dead.
   */
  const heartbeat = async (
    recorderId: string,
    busy: number,
    done: readonly AddressedCommand[],
    now: Date,
  ): Promise<AddressedCommand[] | 'lost'> => {
    let commands: AddressedCommand[] = [];
    const names = Object.fromEntries(done.map((command, index) => [`#c${index}`, nameOf(command)]));
    const removals = Object.keys(names).map((name) => `commands.${name}`);
    const held = await succeeds(
      client
        .send(
          new UpdateCommand({
            TableName: tableName,
            Key: keyOf(recorderId),
            UpdateExpression: `SET renewedAt = :now, busy = :busy ADD beat :one${
              removals.length === 0 ? '' : ` REMOVE ${removals.join(', ')}`
            }`,
            ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(lost)',
            ...(removals.length === 0 ? {} : { ExpressionAttributeNames: names }),
            ExpressionAttributeValues: { ':now': now.toISOString(), ':busy': busy, ':one': 1 },
            ReturnValues: 'ALL_NEW',
          }),
        )
        .then(({ Attributes }) => {
          commands = Object.values(leaseSchema.parse(Attributes).commands);
        }),
    );
    return held ? commands : 'lost';
  };

  /** Leaves a command for a recorder's next heartbeat; false when the recorder is gone. */
  const command = (recorderId: string, recordId: string, what: RecorderCommand): Promise<boolean> =>
    succeeds(
      client.send(
        new UpdateCommand({
          TableName: tableName,
          Key: keyOf(recorderId),
          UpdateExpression: 'SET commands.#name = :command',
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeNames: { '#name': nameOf({ recordId, ...what }) },
          ExpressionAttributeValues: { ':command': { recordId, ...what } },
        }),
      ),
    );

  /** Every lease there is, those marked lost included, by recorder. */
  const leases = async (): Promise<Lease[]> => {
    const { items } = await queryPage(client, {
      TableName: tableName,
      IndexName: TABLE.workIndex.name,
      KeyConditionExpression: 'workPk = :pk',
      ExpressionAttributeValues: { ':pk': 'RECORDERS' },
    });
    return items.map((item) => leaseSchema.parse(item));
  };

  /** The lease of one recorder; consistent. */
  const get = async (recorderId: string): Promise<Lease | undefined> => {
    const { Item } = await client.send(
      new GetCommand({ TableName: tableName, Key: keyOf(recorderId), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : leaseSchema.parse(Item);
  };

  /** Marks a recorder as lost, which fences it off; false when it has renewed its lease since that `beat`. */
  const markLost = (recorderId: string, beat: number): Promise<boolean> =>
    succeeds(
      client.send(
        new UpdateCommand({
          TableName: tableName,
          Key: keyOf(recorderId),
          UpdateExpression: 'SET lost = :true',
          ConditionExpression: 'beat = :seen',
          ExpressionAttributeValues: { ':true': true, ':seen': beat },
        }),
      ),
    );

  /** Says that a recorder is ending; false when it was taken for dead before. */
  const leave = (recorderId: string): Promise<boolean> =>
    succeeds(
      client.send(
        new UpdateCommand({
          TableName: tableName,
          Key: keyOf(recorderId),
          UpdateExpression: 'SET leaving = :true',
          ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(lost)',
          ExpressionAttributeValues: { ':true': true },
        }),
      ),
    );

  const remove = async (recorderId: string): Promise<void> => {
    await client.send(new DeleteCommand({ TableName: tableName, Key: keyOf(recorderId) }));
  };

  /** Says how each of a recorder's recordings gets on. One write, in no index. */
  const report = async (
    recorderId: string,
    progress: ReadonlyMap<string, Omit<Progress, 'at'>>,
    now: Date,
  ): Promise<void> => {
    const recordings = Object.fromEntries(
      [...progress].map(([recordId, { location, ...rest }]) => [
        recordId,
        location === 'primary' ? rest : { ...rest, location },
      ]),
    );
    const goes = Math.ceil(now.getTime() / 1000) + KEEP_REPORT_HOURS * 3600;
    await client.send(
      new PutCommand({
        TableName: tableName,
        Item: { ...reportKeyOf(recorderId), at: now.toISOString(), recordings, [TABLE.ttl]: goes },
      }),
    );
  };

  /** What these recorders last said, by recorder and recordId. One read for up to 100 of them. */
  const reports = async (
    recorderIds: readonly string[],
  ): Promise<Map<string, ReadonlyMap<string, Progress>>> => {
    const items = await batchGet({ client, tableName }, recorderIds.map(reportKeyOf));
    return new Map(
      items.map((item) => {
        const { at, recordings } = reportSchema.parse(item);
        const progress = Object.entries(recordings).map(
          ([recordId, rest]) => [recordId, { at, ...rest }] as const,
        );
        return [String(item[TABLE.pk]).slice('RECORDER#'.length), new Map(progress)];
      }),
    );
  };

  return { register, heartbeat, command, leases, get, markLost, leave, remove, report, reports };
};
export type Recorders = ReturnType<typeof createRecorders>;
