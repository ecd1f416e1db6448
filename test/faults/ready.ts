import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { LocalRun } from '../../local/index.ts';
import { TABLE } from '../../shared/constants.ts';
import { until } from './until.ts';

const PATIENCE_MS = 60_000;

/** Waits until all recorders have a lease: a stream that begins before is not what a case is about. @throws when they have none in time */
export const recordersReady = async (run: LocalRun, tableUrl: string): Promise<void> => {
  const { region, credentials } = run.s3;
  const table = DynamoDBDocumentClient.from(new DynamoDBClient({ region, credentials, endpoint: tableUrl }));
  await until('every recorder has its lease', PATIENCE_MS, async () => {
    const { Items = [] } = await table.send(new ScanCommand({ TableName: run.tableName }));
    const leases = Items.filter((item) => item[TABLE.sk] === 'LEASE');
    return leases.length >= run.recorders.length ? true : undefined;
  });
  table.destroy();
};
