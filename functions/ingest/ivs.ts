import * as z from 'zod';
import type { PushEvent } from '../../shared/events/stream-events.ts';
import { ivsDomain } from '../../shared/ingest/ivs.ts';
import type { Domain } from '../../shared/schemas/domain.ts';
import type { Telemetry } from '../common/telemetry.ts';
import type { PutDown } from './put-down.ts';
import { PATIENCE_MS } from './within.ts';

/** Events about a stream that can be played, or no more; the others are about its encoder, or about failures. */
const TYPES = { 'Stream Start': 'started', 'Stream End': 'stopped' } as const;
const isOurs = (name: string): name is keyof typeof TYPES => Object.hasOwn(TYPES, name);

/** As EventBridge hands it on. EventBridge lets nobody but AWS itself send events whose source begins with `aws.`. */
export const ivsEventSchema = z.object({
  source: z.literal('aws.ivs'),
  'detail-type': z.literal('IVS Stream State Change'),
  time: z.iso.datetime(),
  /** The channel. */
  resources: z.tuple([z.string().max(256)]),
  detail: z.object({
    event_name: z.string().max(64),
    /** Another one each time that the channel goes live. */
    stream_id: z.string().min(1).max(128),
  }),
});
export type IvsEvent = z.infer<typeof ivsEventSchema>;

export interface IvsPorts {
  findDomain(domain: string): Promise<Domain | undefined>;
  readonly putDown: PutDown;
  readonly telemetry: Telemetry;
}

const CHANNEL = /^arn:[a-z-]+:ivs:([a-z0-9-]+):(\d{12}):channel\/([A-Za-z0-9-]{1,64})$/;

/** What an event says of a stream; undefined when it is about something else. Pure. */
const parseIvsEvent = ({ time, resources, detail }: IvsEvent): PushEvent | undefined => {
  const [, region, account, channel] = CHANNEL.exec(resources[0]) ?? [];
  if (region === undefined || account === undefined || channel === undefined) return undefined;
  if (!isOurs(detail.event_name)) return undefined;
  return {
    type: TYPES[detail.event_name],
    key: { domain: ivsDomain(account, region), app: 'ivs', stream: channel },
    clientId: detail.stream_id,
    at: new Date(time).toISOString(),
  };
};

/**
 * Takes one event of Amazon IVS: one read and at most one message and one write. What fails is thrown: Lambda tries it again.
 * Channels in accounts and regions without a domain are nobody's business here.
 */
export const createIvs =
  ({ findDomain, putDown, telemetry }: IvsPorts) =>
  async (given: IvsEvent): Promise<void> => {
    const event = parseIvsEvent(given);
    if (event === undefined) return;
    const { type, key } = event;
    const domain = await findDomain(key.domain);
    if (domain?.adapter !== 'ivs' || (!domain.enabled && type === 'started')) {
      const why = domain === undefined ? 'no domain' : domain.enabled ? 'another adapter' : 'disabled';
      telemetry.log.info('A stream of Amazon IVS is not taken', { ...key, type, why });
      return;
    }
    await putDown(event, AbortSignal.timeout(PATIENCE_MS));
  };
