import * as z from 'zod';
import type { EventSource } from '../lambda/event-sources.ts';
import type { LocalFunction } from '../lambda/pool.ts';
import type { Route } from '../lambda/routes.ts';
import { rateMs } from '../lambda/schedules.ts';
import { type Functions, MAX_THREADS } from './functions.ts';
import type { Stack } from './resources.ts';

const mappingSchema = z.object({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: z.number().int().default(10),
  FunctionResponseTypes: z.array(z.string()).default([]),
  ScalingConfig: z.object({ MaximumConcurrency: z.number().int() }).optional(),
});

/** The queues that feed functions. */
export const eventSourcesOf = (stack: Stack, functions: Functions): EventSource[] =>
  stack.ofType('AWS::Lambda::EventSourceMapping').map((resource) => {
    const mapping = stack.resolver.properties(resource, mappingSchema);
    const queue = stack
      .ofType('AWS::SQS::Queue')
      .map(stack.physical)
      .find(({ attributes }) => attributes.Arn === mapping.EventSourceArn);
    if (queue === undefined) throw new Error(`${resource.logicalId} does not read a queue of the templates`);
    return {
      queueUrl: queue.ref,
      queueArn: mapping.EventSourceArn,
      batchSize: mapping.BatchSize,
      partialResponses: mapping.FunctionResponseTypes.includes('ReportBatchItemFailures'),
      pollers: Math.min(MAX_THREADS, mapping.ScalingConfig?.MaximumConcurrency ?? MAX_THREADS),
      function: functions.named(mapping.FunctionName),
    };
  });

const routeSchema = z.object({ RouteKey: z.string(), Target: z.string() });
const integrationSchema = z.object({ IntegrationUri: z.string() });

/** The routes of the HTTP API. */
export const routesOf = (stack: Stack, functions: Functions): Route<LocalFunction>[] =>
  stack.ofType('AWS::ApiGatewayV2::Route').map((resource) => {
    const { RouteKey, Target } = stack.resolver.properties(resource, routeSchema);
    const integration = stack
      .ofType('AWS::ApiGatewayV2::Integration')
      .find(
        (candidate) => candidate.stack === resource.stack && Target === `integrations/${candidate.logicalId}`,
      );
    if (integration === undefined) throw new Error(`Route ${RouteKey} has no integration`);
    const { IntegrationUri } = stack.resolver.properties(integration, integrationSchema);
    return { routeKey: RouteKey, target: functions.named(IntegrationUri) };
  });

export interface Scheduled {
  readonly everyMs: number;
  readonly function: LocalFunction;
}

const ruleSchema = z.object({
  ScheduleExpression: z.string(),
  Targets: z.array(z.object({ Arn: z.string() })),
});
const scheduleSchema = z.object({ ScheduleExpression: z.string() });

/** The functions that run by the clock, of EventBridge rules and of its scheduler. */
export const schedulesOf = (stack: Stack, functions: Functions): Scheduled[] => {
  const rules = stack
    .ofType('AWS::Events::Rule')
    .filter(({ properties }) => properties.ScheduleExpression !== undefined)
    .flatMap((resource) => {
      const { ScheduleExpression, Targets } = stack.resolver.properties(resource, ruleSchema);
      return Targets.map(({ Arn }) => ({
        everyMs: rateMs(ScheduleExpression),
        function: functions.named(Arn),
      }));
    });
  const schedules = stack.ofType('AWS::Scheduler::Schedule').map((resource) => {
    const { ScheduleExpression } = stack.resolver.properties(resource, scheduleSchema);
    // Only its ARN: the target's role does not exist locally.
    const { Arn } = z.object({ Arn: z.unknown() }).parse(resource.properties.Target);
    const target = z.string().parse(stack.resolver.resolve(resource.stack, Arn));
    return { everyMs: rateMs(ScheduleExpression), function: functions.named(target) };
  });
  return [...rules, ...schedules];
};
