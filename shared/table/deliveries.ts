import { PutCommand, type PutCommandInput, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type DeliveryJob, jobOf } from '../callbacks/queue.ts';
import { getItem, type Key, type Sources, systemSources } from '../config/items.ts';
import type { PageRequest } from '../config/lists.ts';
import { TABLE } from '../constants.ts';
import { type Delivery, type DeliveryState, deliverySchema } from '../schemas/callback.ts';
import { newestPage } from './newest.ts';
import { type Page, queryPage } from './pages.ts';
import { succeeds, type Table } from './table.ts';

/** Days after it was made, or last sent again on demand. */
const KEEP_DAYS = 14;

/** Longer than a try and its writing take, so that nobody else tries it meanwhile. */
export const LEASE_SECONDS = 40;

/** A few kB each at most: with those an item stays far below the 400 kB that DynamoDB takes. */
const MOST_ATTEMPTS_KEPT = 30;

const WORK = 'DELIVERIES';

const keyOf = (deliveryId: string): Key => ({ pk: `DELIVERY#${deliveryId}`, sk: 'DELIVERY' });
const listOf = (callbackId: string, state?: DeliveryState): string =>
  `DELIVERIES#${callbackId}${state === undefined ? '' : `#${state}`}`;

const itemOf = (delivery: Delivery): Record<string, unknown> => {
  const { deliveryId, callbackId, state, createdAt, queuedAt, dueAt } = delivery;
  const order = `${createdAt}#${deliveryId}`;
  return {
    ...keyOf(deliveryId),
    ...delivery,
    attempts: delivery.attempts.slice(-MOST_ATTEMPTS_KEPT),
    [TABLE.listIndex.pk]: listOf(callbackId),
    [TABLE.listIndex.sk]: order,
    // So that a failed one among thousands is found without reading those.
    [TABLE.streamIndex.pk]: listOf(callbackId, state),
    [TABLE.streamIndex.sk]: order,
    ...(dueAt === undefined ? {} : { [TABLE.workIndex.pk]: WORK, [TABLE.workIndex.sk]: dueAt }),
    [TABLE.ttl]: Math.ceil(Date.parse(queuedAt) / 1000) + KEEP_DAYS * 86_400,
  };
};

const overdueSchema = deliverySchema.pick({ deliveryId: true, tries: true, leasedUntil: true });

const IS_NOT_LEASED = '(attribute_not_exists(leasedUntil) OR leasedUntil < :now)';

/** Events on their way to callbacks. A delivery that is pending is an obligation. */
export const createDeliveries = (table: Table, { now, id }: Sources = systemSources) => {
  const { client, tableName } = table;

  const put = (delivery: Delivery, condition: Partial<PutCommandInput>): Promise<boolean> =>
    succeeds(client.send(new PutCommand({ TableName: tableName, Item: itemOf(delivery), ...condition })));

  const get = async (deliveryId: string): Promise<Delivery | undefined> => {
    const item = await getItem(table, keyOf(deliveryId));
    return item === undefined ? undefined : deliverySchema.parse(item);
  };

  /** False when it was made before. */
  const add = (delivery: Delivery): Promise<boolean> =>
    put(delivery, { ConditionExpression: 'attribute_not_exists(pk)' });

  /** Begins the next try of a delivery, which nobody else can do meanwhile; undefined when the job is void. */
  const claim = async ({ deliveryId, tries }: DeliveryJob): Promise<Delivery | undefined> => {
    const at = now();
    let claimed: Delivery | undefined;
    await succeeds(
      client
        .send(
          new UpdateCommand({
            TableName: tableName,
            Key: keyOf(deliveryId),
            UpdateExpression: 'SET tries = :next, leasedUntil = :until, claimId = :mine',
            // When the answer to a write was lost, the SDK writes again: then it is claimed already, by this claim.
            ConditionExpression: `#state = :pending AND ((tries = :tries AND ${IS_NOT_LEASED}) OR claimId = :mine)`,
            ExpressionAttributeNames: { '#state': 'state' },
            ExpressionAttributeValues: {
              ':tries': tries,
              ':next': tries + 1,
              ':now': at.toISOString(),
              ':until': new Date(at.getTime() + LEASE_SECONDS * 1000).toISOString(),
              ':pending': 'pending',
              ':mine': id(),
            },
            ReturnValues: 'ALL_NEW',
          }),
        )
        .then(({ Attributes }) => {
          claimed = deliverySchema.parse(Attributes);
        }),
    );
    return claimed;
  };

  /** Writes what came of a claimed try; false when somebody else has claimed the delivery since. */
  const settle = ({ leasedUntil: _, claimId: __, ...next }: Delivery): Promise<boolean> =>
    put(next, {
      ConditionExpression: 'tries = :tries',
      ExpressionAttributeValues: { ':tries': next.tries },
    });

  /** Makes a delivery due now, whatever came of it before; undefined while it is being tried. */
  const queueAgain = async (before: Delivery): Promise<Delivery | undefined> => {
    const { leasedUntil: _, claimId: __, failure: ___, ...delivery } = before;
    const at = now().toISOString();
    const next: Delivery = {
      ...delivery,
      state: 'pending',
      queuedAt: at,
      dueAt: at,
      earlierTries: delivery.tries,
    };
    const isQueued = await put(next, {
      ConditionExpression: `tries = :tries AND ${IS_NOT_LEASED}`,
      ExpressionAttributeValues: { ':tries': next.tries, ':now': at },
    });
    return isQueued ? next : undefined;
  };

  /** Jobs for those that were due before `time` and that nobody is trying; of the `limit` oldest. */
  const overdue = async (time: Date, limit: number): Promise<DeliveryJob[]> => {
    const { items } = await queryPage(
      client,
      {
        TableName: tableName,
        IndexName: TABLE.workIndex.name,
        KeyConditionExpression: 'workPk = :pk AND workSk < :time',
        ProjectionExpression: 'deliveryId, tries, leasedUntil',
        ExpressionAttributeValues: { ':pk': WORK, ':time': time.toISOString() },
      },
      { limit },
    );
    const at = now().toISOString();
    return items
      .map((item) => overdueSchema.parse(item))
      .filter(({ leasedUntil = '' }) => leasedUntil < at)
      .map(jobOf);
  };

  /** Of one callback, newest first. */
  const list = (
    callbackId: string,
    { state }: { readonly state?: DeliveryState | undefined },
    page: PageRequest,
  ): Promise<Page<Delivery>> => {
    const index = state === undefined ? TABLE.listIndex : TABLE.streamIndex;
    const options = { schema: deliverySchema, index, list: listOf(callbackId, state), equal: {} };
    return newestPage(table, options, page);
  };

  return { get, add, claim, settle, queueAgain, overdue, list };
};
export type Deliveries = ReturnType<typeof createDeliveries>;
