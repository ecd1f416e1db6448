import { type Client, dataOf, itemsOf, type operations, type Schemas } from '../../client/index.ts';
import type { AnyCommand, CommandSpec } from '../command.ts';
import type { Column } from '../output/table.ts';
import { callbacks } from '../resources/callbacks.ts';
import { findId } from '../resources/find.ts';
import { formatTime } from '../values/format.ts';
import { limitOption, take } from './list.ts';

type Delivery = Schemas['Delivery'];
type Query = NonNullable<operations['listDeliveries']['parameters']['query']>;

const answerOf = ({ lastAttempt, failure }: Delivery): string =>
  failure ??
  lastAttempt?.error ??
  (lastAttempt === null ? '' : `${lastAttempt.status} in ${lastAttempt.durationMs} ms`);

const COLUMNS: readonly Column<Delivery>[] = [
  ['EVENT', ({ type }) => type],
  ['STATE', ({ state }) => state],
  ['MADE', ({ createdAt }) => formatTime(createdAt)],
  ['TRIES', ({ tries }) => tries, 'right'],
  ['NEXT', ({ nextTryAt }) => formatTime(nextTryAt)],
  ['ID', ({ deliveryId }) => deliveryId],
  ['ANSWER', answerOf],
];

const idOf = (api: Client, name: string): Promise<string> => findId(api, callbacks, name);

const list: CommandSpec<{ state?: NonNullable<Query['state']>; limit?: string }> = {
  usage: 'deliveries <callback>',
  about: 'List what was sent to a callback, and what it answered',
  examples: ['callbacks deliveries archive --state failed'],
  options: [{ flags: '--state <state>', about: 'pending, delivered or failed' }, limitOption],
  async run({ api, out }, [name = ''], { state, limit }) {
    const path = { callbackId: await idOf(api, name) };
    const filter: Query = state === undefined ? {} : { state };
    const pages = (size: number) =>
      itemsOf(
        (page) =>
          api.GET('/v1/callbacks/{callbackId}/deliveries', {
            params: { path, query: { ...filter, ...page } },
          }),
        size,
      );
    out.list(await take(pages, limit), COLUMNS, 'Nothing was sent.');
  },
};
export const listDeliveries: AnyCommand = list;

export const getDelivery: AnyCommand = {
  usage: 'delivery <callback> <delivery>',
  about: 'Show one delivery, with every request and answer',
  examples: ['callbacks delivery archive dlv_01KAN2VXJ8Q6S5T4R3P2N1M0K9'],
  async run({ api, out }, [name = '', deliveryId = '']) {
    const params = { path: { callbackId: await idOf(api, name), deliveryId } };
    out.item(await dataOf(api.GET('/v1/callbacks/{callbackId}/deliveries/{deliveryId}', { params })));
  },
};

export const resendDelivery: AnyCommand = {
  usage: 'resend <callback> <delivery>',
  about: 'Send an event again',
  examples: ['callbacks resend archive dlv_01KAN2VXJ8Q6S5T4R3P2N1M0K9'],
  async run({ api, out }, [name = '', deliveryId = '']) {
    const params = { path: { callbackId: await idOf(api, name), deliveryId } };
    out.item(await dataOf(api.POST('/v1/callbacks/{callbackId}/deliveries/{deliveryId}/resend', { params })));
  },
};

export const testCallback: AnyCommand = {
  usage: 'test <callback>',
  about: 'Send a test event',
  examples: ['callbacks test archive'],
  async run({ api, out }, [name = '']) {
    const path = { callbackId: await idOf(api, name) };
    out.item(await dataOf(api.POST('/v1/callbacks/{callbackId}/test', { params: { path } })));
  },
};
