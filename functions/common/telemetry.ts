import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { type AlarmingMetric, METRICS_NAMESPACE } from '../../shared/constants.ts';

export type MetricName =
  | 'CallbacksRefused'
  | 'LosslessStartsMissed'
  | 'IngestServersAsked'
  | 'IngestServersFailed'
  | 'PushesReconciled'
  | 'StreamsStarted'
  | 'StreamsNotRecorded'
  | 'RecordingsCreated'
  | 'RecordingsResumed'
  | 'FilesClosedForLostRecorders'
  | 'FilesBroughtHome'
  | 'HomecomingsRefused'
  | 'LeasesExpired'
  | 'NoticesPublished'
  | 'ManifestsWritten'
  | 'ManifestsRefused'
  | 'DeliveriesMade'
  | 'DeliveriesFailed'
  | 'DeliveryTriesFailed'
  | 'RecordingsDeleted'
  | 'RecordingsExpired'
  | 'DeletionsRefused'
  | 'RecordingsTidied'
  | 'PostProcessingStarted'
  | 'PostProcessingRefused'
  | 'StepsHandedOver'
  | 'StepsNotTaken'
  | 'MessagesInvalid'
  | AlarmingMetric;

export interface Log {
  info(message: string, details?: Record<string, unknown>): void;
  warn(message: string, details?: Record<string, unknown>): void;
  error(message: string, details?: Record<string, unknown>): void;
}

/** What a function says of its work. Nothing secret may be passed in. */
export interface Telemetry {
  readonly log: Log;
  count(name: MetricName, value?: number): void;
}

/** Logs and metrics of this function, and the wrapping of its handler that writes them out. */
export const createTelemetry = () => {
  const logger = new Logger();
  const metrics = new Metrics({ namespace: METRICS_NAMESPACE });
  const telemetry: Telemetry = {
    log: {
      info: (message, details = {}) => logger.info(message, details),
      warn: (message, details = {}) => logger.warn(message, details),
      error: (message, details = {}) => logger.error(message, details),
    },
    count: (name, value = 1) => metrics.addMetric(name, MetricUnit.Count, value),
  };
  // An invocation that had nothing to count would be warned of by the middleware that comes with the metrics.
  const writeMetrics = (): void => {
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  };
  const wrap = <Event, Result>(handle: (event: Event, context: Context) => Promise<Result>) =>
    middy(handle)
      .use(injectLambdaContext(logger, { resetKeys: true }))
      .use({ after: writeMetrics, onError: writeMetrics });
  return { telemetry, wrap };
};
