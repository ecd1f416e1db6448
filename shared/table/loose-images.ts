import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { getItem } from '../config/items.ts';
import { TABLE } from '../constants.ts';
import { timeSchema } from '../schemas/names.ts';
import { queryPage } from './pages.ts';
import { succeeds, type Table } from './table.ts';

/** The obligation to delete an image, or standby content, unless what it was uploaded for names it at that time. */
export const looseImageSchema = z.object({
  /** What it was uploaded for: one of these. */
  watermarkId: z.string().optional(),
  standbyId: z.string().optional(),
  /** Of the object in this installation's own bucket. */
  key: z.string(),
  dueAt: timeSchema,
});
export type LooseImage = z.infer<typeof looseImageSchema>;

const WORK = 'IMAGES';
const keyOf = (key: string) => ({ pk: `IMAGE#${key}`, sk: 'IMAGE' });

/** Images, and standby content, that nobody may name: one obligation each, the latest. */
export const createLooseImages = (table: Table) => {
  const { client, tableName } = table;

  const put = async (image: LooseImage): Promise<void> => {
    const Item = {
      ...keyOf(image.key),
      ...image,
      [TABLE.workIndex.pk]: WORK,
      [TABLE.workIndex.sk]: image.dueAt,
    };
    await client.send(new PutCommand({ TableName: tableName, Item }));
  };

  const get = async (key: string): Promise<LooseImage | undefined> => {
    const item = await getItem(table, keyOf(key));
    return item === undefined ? undefined : looseImageSchema.parse(item);
  };

  /** Those that are due at `time`, oldest first. */
  const due = async (time: Date, limit: number): Promise<LooseImage[]> => {
    const { items } = await queryPage(
      client,
      {
        TableName: tableName,
        IndexName: TABLE.workIndex.name,
        KeyConditionExpression: 'workPk = :pk AND workSk <= :time',
        ExpressionAttributeValues: { ':pk': WORK, ':time': time.toISOString() },
      },
      { limit },
    );
    return items.map((item) => looseImageSchema.parse(item));
  };

  /** Strikes it off, unless it has been put anew. */
  const remove = async ({ key, dueAt }: LooseImage): Promise<void> => {
    await succeeds(
      client.send(
        new DeleteCommand({
          TableName: tableName,
          Key: keyOf(key),
          ConditionExpression: 'dueAt = :seen',
          ExpressionAttributeValues: { ':seen': dueAt },
        }),
      ),
    );
  };

  return { put, get, due, remove };
};
export type LooseImages = ReturnType<typeof createLooseImages>;
