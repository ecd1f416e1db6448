import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { TABLE } from '../constants.ts';
import { timeSchema } from '../schemas/names.ts';
import { reasonSchema } from '../schemas/recording.ts';
import { queryPage } from './pages.ts';
import { succeeds, type Table } from './table.ts';

/** A manifest that its storage has not taken yet, or that is to be written again. */
export const owedManifestSchema = z.object({
  recordId: z.string(),
  /** When it is tried next. While somebody is at it, later than that can take. */
  dueAt: timeSchema,
  /** Tries in a row that the storage has refused. */
  failures: z.number().int(),
  /** What it said last. */
  reason: reasonSchema.optional(),
});
export type OwedManifest = z.infer<typeof owedManifestSchema>;

const keyOf = (recordId: string) => ({ [TABLE.pk]: `RECORDING#${recordId}`, [TABLE.sk]: 'MANIFEST' });

const itemOf = (owed: OwedManifest) => ({
  ...keyOf(owed.recordId),
  ...owed,
  workPk: 'MANIFESTS',
  workSk: owed.dueAt,
});

/** Manifests that are still to be written: an obligation each, gone when done. Most are written without one. */
export const createManifests = ({ client, tableName }: Table) => {
  /** Whatever was owed before. */
  const owe = async (owed: OwedManifest): Promise<void> => {
    await client.send(new PutCommand({ TableName: tableName, Item: itemOf(owed) }));
  };

  const get = async (recordId: string): Promise<OwedManifest | undefined> => {
    const { Item } = await client.send(
      new GetCommand({ TableName: tableName, Key: keyOf(recordId), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : owedManifestSchema.parse(Item);
  };

  /** Puts it off to another time; false when it is not as it was seen any more. */
  const putOff = ({ recordId, dueAt: seen, ...rest }: OwedManifest, dueAt: string): Promise<boolean> =>
    succeeds(
      client.send(
        new PutCommand({
          TableName: tableName,
          Item: itemOf({ ...rest, recordId, dueAt }),
          ConditionExpression: 'dueAt = :seen',
          ExpressionAttributeValues: { ':seen': seen },
        }),
      ),
    );

  /** It is written. False when it has been owed anew meanwhile. */
  const settle = ({ recordId, dueAt }: OwedManifest): Promise<boolean> =>
    succeeds(
      client.send(
        new DeleteCommand({
          TableName: tableName,
          Key: keyOf(recordId),
          ConditionExpression: 'attribute_not_exists(pk) OR dueAt = :seen',
          ExpressionAttributeValues: { ':seen': dueAt },
        }),
      ),
    );

  /** The `limit` oldest that were due before `time`. Eventually consistent. */
  const due = async (time: Date, limit: number): Promise<OwedManifest[]> => {
    const { items } = await queryPage(
      client,
      {
        TableName: tableName,
        IndexName: TABLE.workIndex.name,
        KeyConditionExpression: 'workPk = :pk AND workSk < :time',
        ExpressionAttributeValues: { ':pk': 'MANIFESTS', ':time': time.toISOString() },
      },
      { limit },
    );
    return items.map((item) => owedManifestSchema.parse(item));
  };

  return { owe, get, putOff, settle, due };
};
export type Manifests = ReturnType<typeof createManifests>;
