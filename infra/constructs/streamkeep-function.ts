import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Alarm, type IAlarmAction, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, type Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type AlarmingMetric, METRICS_NAMESPACE } from '../../shared/constants.ts';
import type { WorkQueue } from './work-queue.ts';

export interface StreamkeepFunctionProps {
  /** Its folder in `functions/`, and its name in logs and metrics. */
  readonly folder: string;
  /** `index.mjs`, which exports `handler`. */
  readonly code: Code;
  readonly timeout: Duration;
  /**
   * In MiB. CPU comes in proportion, and cold starts are CPU.
   * @default 512
   */
  readonly memorySize?: number;
  /**
   * Variables named in `ENV`, on top of those that every function has.
   * @default none
   */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Tries after the first, when an asynchronous invocation failed.
   * @default 2, as Lambda has it
   */
  readonly retryAttempts?: number;
}

export interface ConsumeOptions {
  /** Messages of one invocation; at most 10 without waiting for more, which would delay a recording. */
  readonly batchSize: number;
  /**
   * Most invocations at once.
   * @default what the account allows
   */
  readonly maxConcurrency?: number;
}

/** One folder of `functions/` as a Lambda function. */
export class StreamkeepFunction extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;
  readonly #timeout: Duration;
  readonly #service: string;

  constructor(scope: Construct, id: string, props: StreamkeepFunctionProps) {
    super(scope, id);
    this.#timeout = props.timeout;
    this.#service = props.folder;

    const logGroup = new LogGroup(this, 'Logs', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // A role of our own, because the default one's managed policy may write every log group of the account.
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(this.role);

    this.function = new LambdaFunction(this, 'Function', {
      code: props.code,
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memorySize ?? 512,
      timeout: props.timeout,
      role: this.role,
      logGroup,
      environment: {
        POWERTOOLS_SERVICE_NAME: props.folder,
        POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
        POWERTOOLS_LOG_LEVEL: 'INFO',
        ...props.environment,
      },
      ...(props.retryAttempts === undefined ? {} : { retryAttempts: props.retryAttempts }),
    });
  }

  /**
   * Feeds the function from the queue; messages that it reports as failed come back, the others do not.
   * @throws Error when a message could be given to a second invocation while the first one still works on it
   */
  consume(source: WorkQueue, options: ConsumeOptions): void {
    const visibility = source.visibilityTimeout.toSeconds();
    // Lambda retries inside the visibility timeout when it is throttled; AWS asks for six times the timeout.
    if (visibility < 6 * this.#timeout.toSeconds()) {
      throw new Error(
        `${this.node.id} may run for ${this.#timeout.toSeconds()} s, so its queue's visibility timeout must be at ` +
          `least six times that; it is ${visibility} s.`,
      );
    }
    this.function.addEventSource(
      new SqsEventSource(source.queue, {
        batchSize: options.batchSize,
        reportBatchItemFailures: true,
        ...(options.maxConcurrency === undefined ? {} : { maxConcurrency: options.maxConcurrency }),
      }),
    );
  }

  /** Raises an alarm when the function counts one of these, and tells `action` of it. */
  alarmOn(metricName: AlarmingMetric, alarmDescription: string, action?: IAlarmAction): void {
    const alarm = new Alarm(this, `${metricName}Alarm`, {
      alarmDescription,
      metric: new Metric({
        namespace: METRICS_NAMESPACE,
        metricName,
        dimensionsMap: { service: this.#service },
        statistic: Stats.SUM,
        period: Duration.minutes(1),
      }),
      threshold: 1,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    if (action !== undefined) alarm.addAlarmAction(action);
  }
}
