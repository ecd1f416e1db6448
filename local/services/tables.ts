import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { Resource } from '../template/load.ts';
import { LOCAL_ACCOUNT, type Physical, type Resolver } from '../template/resolve.ts';
import { LOCAL_REGION } from './credentials.ts';
import { physicalName } from './names.ts';

const keySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));

const tableSchema = z.object({
  KeySchema: keySchema,
  AttributeDefinitions: z.array(
    z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }),
  ),
  GlobalSecondaryIndexes: z
    .array(
      z.object({
        IndexName: z.string(),
        KeySchema: keySchema,
        Projection: z.object({
          ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
          NonKeyAttributes: z.array(z.string()).optional(),
        }),
      }),
    )
    .optional(),
});

export const tablePhysical = (resource: Resource): Physical => {
  const name = physicalName(resource, resource.properties.TableName);
  return {
    ref: name,
    attributes: { Arn: `arn:aws:dynamodb:${LOCAL_REGION}:${LOCAL_ACCOUNT}:table/${name}` },
  };
};

/** Makes a table as its template says, unless the data folder has it already. */
export const createTable = async (
  client: DynamoDBClient,
  resolver: Resolver,
  resource: Resource,
  physical: Physical,
): Promise<void> => {
  const { GlobalSecondaryIndexes, ...properties } = resolver.properties(resource, tableSchema);
  const input: CreateTableCommandInput = {
    TableName: physical.ref,
    BillingMode: 'PAY_PER_REQUEST',
    ...properties,
    ...(GlobalSecondaryIndexes !== undefined && {
      GlobalSecondaryIndexes: GlobalSecondaryIndexes as NonNullable<
        CreateTableCommandInput['GlobalSecondaryIndexes']
      >,
    }),
  };
  try {
    await client.send(new CreateTableCommand(input));
  } catch (error) {
    if (error instanceof ResourceInUseException) return;
    throw error;
  }
  for (;;) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: physical.ref }));
    if (Table?.TableStatus === 'ACTIVE') return;
  }
};
