import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ANSWERED_SOON } from '../net/answered-soon.ts';

/** The one table, as every repository takes it. */
export interface Table {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}

// A recorder must outlive seconds of throttling; the SDK's three attempts are over in half a second.
const MOST_ATTEMPTS = 8;

/** Opens the table named in the environment; endpoint, region and credentials are the SDK's own variables. */
export const openTable = (tableName: string): Table => ({
  client: DynamoDBDocumentClient.from(
    new DynamoDBClient({ maxAttempts: MOST_ATTEMPTS, requestHandler: ANSWERED_SOON }),
    { marshallOptions: { removeUndefinedValues: true } },
  ),
  tableName,
});

/** Runs a conditional write; false when its condition did not hold. */
export const succeeds = async (write: Promise<unknown>): Promise<boolean> => {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
};
