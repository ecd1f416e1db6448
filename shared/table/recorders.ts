import { DeleteCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { TABLE } from '../constants.ts';
import { succeeds, type Table } from './table.ts';

/** Seconds without a heartbeat after which a recorder counts as lost. */
export const LEASE_SECONDS = 8;

export const commandSchema = z.object({
  /** End the recording's capture with this code of `END_REASONS`. */
  stop: z.enum(['session-ended', 'stopped']),
  /** Only when it still records this session; absent: whatever it records. */
  sessionId: z.string().optional(),
});
export type RecorderCommand = z.infer<typeof commandSchema>;

const leaseSchema = z.object({
  recorderId: z.string(),
  expiresAt: z.iso.datetime(),
  slots: z.number().int(),
  busy: z.number().int(),
  lost: z.boolean().optional(),
  /** By recordId; a recorder removes what it has carried out with its next heartbeat. */
  commands: z.record(z.string(), commandSchema),
});
export type Lease = z.infer<typeof leaseSchema>;

const keyOf = (recorderId: string) => ({ [TABLE.pk]: `RECORDER#${recorderId}`, [TABLE.sk]: 'LEASE' });

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
    done: readonly string[],
    now: Date,
  ): Promise<Record<string, RecorderCommand> | 'lost'> => {
    let commands: Record<string, RecorderCommand> = {};
    const names = Object.fromEntries(done.map((recordId, index) => [`#c${index}`, recordId]));
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
          commands = leaseSchema.parse(Attributes).commands;
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
          UpdateExpression: 'SET commands.#recording = :command',
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeNames: { '#recording': recordId },
          ExpressionAttributeValues: { ':command': what },
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

  return { register, heartbeat, command, expired, markLost, remove };
};
export type Recorders = ReturnType<typeof createRecorders>;
