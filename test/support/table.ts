import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import dynalite from 'dynalite';
import { afterAll, beforeAll } from 'vitest';
import { TABLE } from '../../shared/constants.ts';
import type { Table } from '../../shared/table/table.ts';

export interface TestTable extends Table {
  close(): Promise<void>;
}

const INDEXES = [TABLE.listIndex, TABLE.workIndex, TABLE.streamIndex];

const keySchema = ({ pk, sk }: { pk: string; sk: string }) => [
  { AttributeName: pk, KeyType: 'HASH' as const },
  { AttributeName: sk, KeyType: 'RANGE' as const },
];

interface Endpoint {
  readonly dynamo: DynamoDBClient;
  close(): Promise<void>;
}

/** The endpoint of the standard environment variables; without one, an emulator in memory on a free port. */
const openEndpoint = async (): Promise<Endpoint> => {
  if ((process.env.AWS_ENDPOINT_URL_DYNAMODB ?? process.env.AWS_ENDPOINT_URL) !== undefined) {
    return { dynamo: new DynamoDBClient({}), close: async () => undefined };
  }
  const server = dynalite({ createTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    dynamo: new DynamoDBClient({
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    }),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
};

/** A table for the tests of one file; it is there once they run. */
export const useTable = (): Table => {
  const table = {} as TestTable;
  beforeAll(async () => {
    Object.assign(table, await startTable());
  });
  afterAll(() => table.close());
  return table;
};

/** A table with its indexes, under a name of its own. */
export const startTable = async (): Promise<TestTable> => {
  const { dynamo, close } = await openEndpoint();
  const tableName = `streamkeep-test-${randomUUID()}`;
  await dynamo.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [TABLE, ...INDEXES]
        .flatMap(({ pk, sk }) => [pk, sk])
        .map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: keySchema(TABLE),
      GlobalSecondaryIndexes: INDEXES.map((index) => ({
        IndexName: index.name,
        KeySchema: keySchema(index),
        Projection: { ProjectionType: 'ALL' },
      })),
    }),
  );
  await waitUntilTableExists(
    { client: dynamo, maxWaitTime: 10, minDelay: 0.02, maxDelay: 1 },
    { TableName: tableName },
  );
  return {
    client: DynamoDBDocumentClient.from(dynamo, { marshallOptions: { removeUndefinedValues: true } }),
    tableName,
    close: async () => {
      await dynamo.send(new DeleteTableCommand({ TableName: tableName }));
      dynamo.destroy();
      await close();
    },
  };
};
