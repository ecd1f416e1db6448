import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRICS_NAMESPACE } from '../shared/constants.ts';

const INTERVAL_MS = 60_000;

/** Slots of a recorder, over the last minute. */
export interface Slots {
  readonly all: number;
  readonly busy: number;
  /** Whether a job took more than were free: then none are, for whoever waits. */
  readonly hasRefused: boolean;
}

/** Pure. */
export const freeOf = ({ all, busy, hasRefused }: Slots): number =>
  hasRefused ? 0 : Math.max(0, all - busy);

/**
 * Publishes `FreeSlots` and `BusySlots` once a minute, in CloudWatch's embedded metric format on standard output:
 * no request of its own. The service scales on `FreeSlots`.
 */
export const publishSlots = (read: () => Slots): NodeJS.Timeout => {
  const metrics = new Metrics({ namespace: METRICS_NAMESPACE, serviceName: 'recorder' });
  return setInterval(() => {
    const slots = read();
    metrics.addMetric('FreeSlots', MetricUnit.Count, freeOf(slots));
    metrics.addMetric('BusySlots', MetricUnit.Count, slots.busy);
    metrics.publishStoredMetrics();
  }, INTERVAL_MS);
};
