import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { TABLE } from '../constants.ts';
import { fileSchema, type RecordingFile } from '../schemas/recording.ts';
import { queryPage } from './pages.ts';
import { succeeds, type Table } from './table.ts';

const keyOf = (recordId: string, fileId: string) => ({
  [TABLE.pk]: `RECORDING#${recordId}`,
  [TABLE.sk]: `FILE#${fileId}`,
});

const itemOf = (file: RecordingFile) => ({ ...keyOf(file.recordId, file.fileId), ...file });

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

  /** Every file of a recording, by beginning. Consistent. */
  const list = async (recordId: string): Promise<RecordingFile[]> => {
    const { items } = await queryPage(client, {
      TableName: tableName,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :file)',
      ExpressionAttributeValues: { ':pk': `RECORDING#${recordId}`, ':file': 'FILE#' },
      ConsistentRead: true,
    });
    return items.map((item) => fileSchema.parse(item));
  };

  return { get, open, write, list };
};
export type Files = ReturnType<typeof createFiles>;
