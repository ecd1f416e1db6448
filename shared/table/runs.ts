import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { getItem, type Key } from '../config/items.ts';
import type { PageRequest } from '../config/lists.ts';
import { TABLE } from '../constants.ts';
import { nextLookAt } from '../post-processing/machine.ts';
import { type Run, runSchema } from '../schemas/post-processing.ts';
import { type Page, queryPage } from './pages.ts';
import { createRevised } from './revised.ts';
import type { Table } from './table.ts';

const WORK = 'RUNS';

const keyOf = (recordId: string, runId: string): Key => ({
  pk: `RECORDING#${recordId}`,
  sk: `RUN#${runId}`,
});

const itemOf = (run: Run): Record<string, unknown> => {
  const lookAt = nextLookAt(run);
  return {
    ...keyOf(run.recordId, run.runId),
    ...run,
    ...(lookAt === undefined ? {} : { [TABLE.workIndex.pk]: WORK, [TABLE.workIndex.sk]: lookAt }),
  };
};

/** Runs of orchestrations. One that is not over is an obligation. */
export const createRuns = (table: Table) => {
  const { client, tableName } = table;

  const get = async (recordId: string, runId: string): Promise<Run | undefined> => {
    const item = await getItem(table, keyOf(recordId, runId));
    return item === undefined ? undefined : runSchema.parse(item);
  };

  const { create, replace } = createRevised(table, itemOf);

  /** Of one recording, in the order of their files; consistent. Without a limit all of them. */
  const page = async (recordId: string, { limit, cursor }: Partial<PageRequest> = {}): Promise<Page<Run>> => {
    const { items, cursor: next } = await queryPage(
      client,
      {
        TableName: tableName,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :run)',
        ExpressionAttributeValues: { ':pk': keyOf(recordId, '').pk, ':run': 'RUN#' },
        ConsistentRead: true,
      },
      { ...(limit === undefined ? {} : { limit }), ...(cursor === undefined ? {} : { cursor }) },
    );
    return { items: items.map((item) => runSchema.parse(item)), cursor: next };
  };

  /** The `limit` runs that should have been looked at before `time` for the longest. */
  const overdue = async (time: Date, limit: number): Promise<Run[]> => {
    const { items } = await queryPage(
      client,
      {
        TableName: tableName,
        IndexName: TABLE.workIndex.name,
        KeyConditionExpression: 'workPk = :pk AND workSk < :time',
        ExpressionAttributeValues: { ':pk': WORK, ':time': time.toISOString() },
      },
      { limit },
    );
    return items.map((item) => runSchema.parse(item));
  };

  const remove = async (recordId: string, runId: string): Promise<void> => {
    await client.send(new DeleteCommand({ TableName: tableName, Key: keyOf(recordId, runId) }));
  };

  return { get, create, replace, page, overdue, remove };
};
export type Runs = ReturnType<typeof createRuns>;
