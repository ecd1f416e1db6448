import { Duration } from 'aws-cdk-lib';
import { Alarm, type AlarmProps, type IAlarmAction, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import {
  DeduplicationScope,
  FifoThroughputLimit,
  Queue,
  QueueEncryption,
  type QueueProps,
} from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface WorkQueueProps {
  /** Name without the `.fifo` that a FIFO queue gets. */
  readonly queueName: string;
  /**
   * Messages of one group stay in order.
   * @default false
   */
  readonly fifo?: boolean;
  /** How long a consumer has before its message is given to another. */
  readonly visibilityTimeout: Duration;
  /**
   * Receives of one message before it goes to the dead-letter queue.
   * @default 5
   */
  readonly maxReceiveCount?: number;
  /**
   * How long a message may wait before it is alarming.
   * @default no limit
   */
  readonly maxAge?: Duration;
  /**
   * Told of every alarm.
   * @default nobody
   */
  readonly alarmAction?: IAlarmAction;
}

/** A queue, the dead-letter queue of what it could not get done, and the alarm on that. */
export class WorkQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;
  readonly visibilityTimeout: Duration;

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    this.visibilityTimeout = props.visibilityTimeout;
    const maxReceiveCount = props.maxReceiveCount ?? 5;
    const common: QueueProps = { enforceSSL: true, encryption: QueueEncryption.SQS_MANAGED };
    // Some emulators make a standard queue of a FIFO queue whose name they have to invent, so names are given.
    const suffix = props.fifo === true ? '.fifo' : '';
    this.deadLetters = new Queue(this, 'DeadLetters', {
      ...common,
      // The dead-letter queue of a FIFO queue must be one too.
      ...(props.fifo === true ? { fifo: true } : {}),
      queueName: `${props.queueName}-dead${suffix}`,
      retentionPeriod: Duration.days(14),
    });
    this.queue = new Queue(this, 'Queue', {
      ...common,
      ...(props.fifo === true ? HIGH_THROUGHPUT_FIFO : {}),
      queueName: `${props.queueName}${suffix}`,
      visibilityTimeout: props.visibilityTimeout,
      receiveMessageWaitTime: Duration.seconds(20),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: maxReceiveCount },
    });
    this.#alarm('DeadLettersAlarm', props.alarmAction, {
      alarmDescription: `${props.queueName}: a message failed ${maxReceiveCount} times and was put aside.`,
      metric: this.deadLetters.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }),
      threshold: 1,
      evaluationPeriods: 1,
    });
    if (props.maxAge !== undefined) {
      this.#alarm('AgeAlarm', props.alarmAction, {
        alarmDescription: `${props.queueName}: a message has waited longer than ${props.maxAge.toHumanString()}.`,
        metric: this.queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(1) }),
        threshold: props.maxAge.toSeconds(),
        evaluationPeriods: 2,
      });
    }
  }

  #alarm(id: string, action: IAlarmAction | undefined, props: AlarmProps): void {
    // A queue that nobody has used for hours sends no figures.
    const alarm = new Alarm(this, id, { treatMissingData: TreatMissingData.NOT_BREACHING, ...props });
    if (action !== undefined) alarm.addAlarmAction(action);
  }
}

/** Limits count per message group, and so do deduplication ids, which the sender chooses. */
const HIGH_THROUGHPUT_FIFO: QueueProps = {
  fifo: true,
  contentBasedDeduplication: false,
  deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
  fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
};
