import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { TABLE } from '../constants.ts';
import { type Notice, noticeSchema } from '../events/notices.ts';
import { queryPage } from './pages.ts';
import { succeeds, type Table } from './table.ts';

const keyOf = (recordId: string, noticeId: string) => ({
  [TABLE.pk]: `RECORDING#${recordId}`,
  [TABLE.sk]: `NOTICE#${noticeId}`,
});

/** Notices that are still to be published: an obligation each, gone when done. */
export const createNotices = ({ client, tableName }: Table) => {
  /** False when it is waiting already. */
  const add = (notice: Notice): Promise<boolean> =>
    succeeds(
      client.send(
        new PutCommand({
          TableName: tableName,
          Item: { ...keyOf(notice.recordId, notice.noticeId), notice, workPk: 'NOTICES', workSk: notice.at },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      ),
    );

  const get = async (recordId: string, noticeId: string): Promise<Notice | undefined> => {
    const { Item } = await client.send(
      new GetCommand({ TableName: tableName, Key: keyOf(recordId, noticeId), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : noticeSchema.parse(Item.notice);
  };

  const remove = async (recordId: string, noticeId: string): Promise<void> => {
    await client.send(new DeleteCommand({ TableName: tableName, Key: keyOf(recordId, noticeId) }));
  };

  /** The `limit` oldest notices that should have been published before `time`. */
  const overdue = async (time: Date, limit: number): Promise<Notice[]> => {
    const { items } = await queryPage(
      client,
      {
        TableName: tableName,
        IndexName: TABLE.workIndex.name,
        KeyConditionExpression: 'workPk = :pk AND workSk < :time',
        ExpressionAttributeValues: { ':pk': 'NOTICES', ':time': time.toISOString() },
      },
      { limit },
    );
    return items.map((item) => noticeSchema.parse(item.notice));
  };

  return { add, get, remove, overdue };
};
export type Notices = ReturnType<typeof createNotices>;
