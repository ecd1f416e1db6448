import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRICS_NAMESPACE } from '../shared/constants.ts';

const INTERVAL_MS = 60_000;

/**
 * Publishes `FreeSlots` and `BusySlots` once a minute, in CloudWatch's embedded metric format on standard output:
 * no request of its own. The service scales on `FreeSlots`.
 */
export const publishSlots = (slots: number, busy: () => number): NodeJS.Timeout => {
  const metrics = new Metrics({ namespace: METRICS_NAMESPACE, serviceName: 'recorder' });
  return setInterval(() => {
    metrics.addMetric('FreeSlots', MetricUnit.Count, slots - busy());
    metrics.addMetric('BusySlots', MetricUnit.Count, busy());
    metrics.publishStoredMetrics();
  }, INTERVAL_MS);
};
