import type { Domains } from '../../shared/config/domains.ts';
import { type PushEvent, pushEventSchema } from '../../shared/events/stream-events.ts';
import { lostEvents, type Suspect, suspectsOf } from '../../shared/reconcile/decide.ts';
import { SERVER_APIS } from '../../shared/reconcile/servers/index.ts';
import type { Snapshot } from '../../shared/reconcile/snapshot.ts';
import type { Domain } from '../../shared/schemas/domain.ts';
import type { Stream } from '../../shared/schemas/stream.ts';
import type { Recorders } from '../../shared/table/recorders.ts';
import type { Recordings } from '../../shared/table/recordings.ts';
import type { Streams } from '../../shared/table/streams.ts';
import type { Telemetry } from '../common/telemetry.ts';
import { forEach } from './for-each.ts';

export interface ReconcilePorts {
  readonly domains: Pick<Domains, 'list'>;
  readonly streams: Pick<Streams, 'get' | 'list'>;
  readonly recordings: Pick<Recordings, 'getMany'>;
  readonly recorders: Pick<Recorders, 'reports'>;
  queueStreamEvent(event: PushEvent): Promise<void>;
  /** What an ingest server's API answers. */
  askServer(url: URL): Promise<string>;
  readonly telemetry: Telemetry;
  now(): Date;
}

/** Of one sweep: what more there is waits for the next one. */
const MOST_DOMAINS = 1000;
const MOST_LIVE = 10_000;
const MOST_SUSPECTS = 500;
/** Servers asked at once; an answer may be megabytes long. */
const CONCURRENCY = 4;
/** No server is asked later than that after the first one: the sweep has to end within its minute. */
const ASKING_SECONDS = 25;
/** A recorder reports more often than that. */
const REPORT_SECONDS = 20;

/** A server, and the domains whose streams are pushed to it. */
interface Server {
  readonly url: URL;
  readonly domains: readonly Domain[];
}

const urlOf = ({ api, adapter }: Domain): URL | undefined =>
  api === undefined ? undefined : SERVER_APIS[adapter]?.url(new URL(api.url));

const serversOf = (domains: readonly Domain[]): Server[] => {
  const servers = new Map<string, { url: URL; domains: Domain[] }>();
  for (const domain of domains) {
    const url = domain.enabled ? urlOf(domain) : undefined;
    if (url === undefined) continue;
    const name = `${domain.adapter} ${url.href}`;
    const server = servers.get(name) ?? { url, domains: [] };
    server.domains.push(domain);
    servers.set(name, server);
  }
  return [...servers.values()];
};

const snapshotsOf = async (
  { askServer, telemetry }: ReconcilePorts,
  { url, domains }: Server,
  askedAt: Date,
): Promise<Map<Domain, Snapshot>> => {
  telemetry.count('IngestServersAsked');
  try {
    const body = await askServer(url);
    return new Map(
      domains.flatMap((domain) => {
        const snapshot = SERVER_APIS[domain.adapter]?.parse(body, { domain: domain.domain, askedAt });
        return snapshot === undefined ? [] : [[domain, snapshot]];
      }),
    );
  } catch (error) {
    const names = domains.map(({ domain }) => domain);
    // What an answer of megabytes has wrong may be as long.
    const why = (error instanceof Error ? error.message : String(error)).slice(0, 500);
    telemetry.count('IngestServersFailed');
    telemetry.log.warn('An ingest server did not say what is live', { domains: names, why });
    return new Map();
  }
};

/** Whether a recorder of this session has heard media lately: then it goes on, whatever the server says. */
const isHeard = async (
  { recordings, recorders }: ReconcilePorts,
  { recordIds }: Stream,
  now: Date,
): Promise<boolean> => {
  const owners = (await recordings.getMany(recordIds)).flatMap(({ owner }) => owner ?? []);
  if (owners.length === 0) return false;
  const reports = await recorders.reports(owners);
  return recordIds.some((recordId) =>
    [...reports.values()].some((report) => {
      const progress = report.get(recordId);
      if (progress === undefined || progress.bitsPerSecond === 0) return false;
      return now.getTime() - Date.parse(progress.at) < REPORT_SECONDS * 1000;
    }),
  );
};

const settle = async (ports: ReconcilePorts, suspect: Suspect, askedAt: Date): Promise<void> => {
  const { telemetry, queueStreamEvent } = ports;
  const stream = await ports.streams.get(suspect.key);
  const events = lostEvents(suspect, stream, askedAt.toISOString());
  const endsOnly = events.length > 0 && events.every(({ type }) => type === 'stopped');
  if (endsOnly && stream !== undefined && (await isHeard(ports, stream, askedAt))) {
    telemetry.log.warn('An ingest server does not list a stream that is being received', { ...suspect.key });
    return;
  }
  for (const event of events) {
    // Its callback would have been refused for the same reason.
    if (!pushEventSchema.safeParse(event).success) return;
    await queueStreamEvent(event);
    telemetry.count('PushesReconciled');
    telemetry.log.warn('A callback was lost, and is made up for', { ...event });
  }
};

/**
 * Asks the ingest servers what is live, and makes up for callbacks that never came. A query for the domains, one for
 * the live streams if any server can be asked, a question to each server, a read for each stream that does not agree,
 * and two more if it is to end. A server that does not answer changes nothing.
 */
export const reconcile = async (ports: ReconcilePorts): Promise<unknown[]> => {
  const begun = ports.now();
  const servers = serversOf((await ports.domains.list({ limit: MOST_DOMAINS })).items);
  if (servers.length === 0) return [];
  const live = Map.groupBy((await ports.streams.list(true, MOST_LIVE)).items, ({ domain }) => domain);

  return forEach(
    servers,
    async (server) => {
      const askedAt = ports.now();
      if (askedAt.getTime() - begun.getTime() > ASKING_SECONDS * 1000) {
        throw new Error('There was no time left to ask every ingest server what is live');
      }
      // Who shares a server with others has to say which applications are its own.
      const isShared = server.domains.length > 1;
      for (const [{ domain, api }, snapshot] of await snapshotsOf(ports, server, askedAt)) {
        const suspects = suspectsOf(
          domain,
          live.get(domain) ?? [],
          snapshot,
          ({ app }) => api?.apps?.includes(app) ?? !isShared,
        );
        const failures = await forEach(suspects.slice(0, MOST_SUSPECTS), (suspect) =>
          settle(ports, suspect, askedAt),
        );
        if (failures.length > 0)
          throw new AggregateError(failures, `Not all of ${domain} could be reconciled`);
      }
    },
    CONCURRENCY,
  );
};
