import { DeleteCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { TABLE } from '../constants.ts';
import { type Progress, progressSchema } from '../schemas/recording.ts';
import { batchGet } from './batch-get.ts';
import { succeeds, type Table } from './table.ts';

/** Seconds without a heartbeat after which a recorder counts as lost. */
export const LEASE_SECONDS = 8;

const commandSchema = z.object({
  /** End the recording's capture with this code of `END_REASONS`. */
  stop: z.enum(['session-ended', 'stopped', 'task-ended', 'task-stopped']),
  /** Only when it still records this session; absent: whatever it records. */
  sessionId: z.string().optional(),
});
export type RecorderCommand = z.infer<typeof commandSchema>;

const addressedSchema = commandSchema.extend({ recordId: z.string() });
/** A command for one of a recorder's recordings. */
export type AddressedCommand = z.infer<typeof addressedSchema>;

const leaseSchema = z.object({
  recorderId: z.string(),
  expiresAt: z.iso.datetime(),
  slots: z.number().int(),
  busy: z.number().int(),
  lost: z.boolean().optional(),
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
const nameOf = ({ recordId, stop, sessionId = '' }: AddressedCommand): string =>
  `${recordId}#${stop}#${sessionId}`;

const expiry = (now: Date): string => new Date(now.getTime() + LEASE_SECONDS * 1000).toISOString();

export const createRecorders = ({ client, tableName }: Table) => {
  const register = async (recorderId: string, slots: number, now: Date): Promise<void> => {
    const lease: Lease = { recorderId, expiresAt: expiry(now), slots, busy: 0, commands: {} };
    await client.send(
      new PutCommand({
        TableName: tableName,
        Item: { ...keyOf(recorderId), ...lease, workPk: 'RECORDERS', workSk: lease.expiresAt },
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
            UpdateExpression: `SET expiresAt = :expiry, workSk = :expiry, busy = :busy${
              removals.length === 0 ? '' : ` REMOVE ${removals.join(', ')}`
            }`,
            ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(lost)',
            ...(removals.length === 0 ? {} : { ExpressionAttributeNames: names }),
            ExpressionAttributeValues: { ':expiry': expiry(now), ':busy': busy },
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

  /** Recorders whose lease ran out before `now`, those already marked lost included. */
  const expired = async (now: Date): Promise<Lease[]> => {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: tableName,
        IndexName: TABLE.workIndex.name,
        KeyConditionExpression: 'workPk = :pk AND workSk < :now',
        ExpressionAttributeValues: { ':pk': 'RECORDERS', ':now': now.toISOString() },
      }),
    );
    return Items.map((item) => leaseSchema.parse(item));
  };

  /** Marks a recorder as lost, which fences it off; false when it has renewed its lease meanwhile. */
  const markLost = (recorderId: string, now: Date): Promise<boolean> =>
    succeeds(
      client.send(
        new UpdateCommand({
          TableName: tableName,
          Key: keyOf(recorderId),
          UpdateExpression: 'SET lost = :true',
          ConditionExpression: 'attribute_exists(pk) AND expiresAt < :now',
          ExpressionAttributeValues: { ':true': true, ':now': now.toISOString() },
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

  return { register, heartbeat, command, expired, markLost, remove, report, reports };
};
export type Recorders = ReturnType<typeof createRecorders>;
