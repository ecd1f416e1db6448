import * as z from 'zod';
import type { Stack } from './resources.ts';

/** A container service: how many processes, and their environment. */
export interface ContainerService {
  readonly desiredCount: number;
  /** The file that it starts in the image, when the template says one: not the image's own. */
  readonly entry: string | undefined;
  readonly env: Readonly<Record<string, string>>;
}

const serviceSchema = z.object({ TaskDefinition: z.string(), DesiredCount: z.number().int().default(1) });
// The rest of a container refers to images, volumes and log groups, which do not exist locally.
const containersSchema = z
  .array(z.object({ Environment: z.unknown(), Command: z.array(z.string()).optional() }))
  .min(1);
const environmentSchema = z.array(z.object({ Name: z.string(), Value: z.string() })).default([]);

/** The templates' ECS services. */
export const containerServicesOf = (stack: Stack): ContainerService[] =>
  stack.ofType('AWS::ECS::Service').map((resource) => {
    const { TaskDefinition, DesiredCount } = stack.resolver.properties(resource, serviceSchema);
    const definition = stack
      .ofType('AWS::ECS::TaskDefinition')
      .find((candidate) => stack.physical(candidate).ref === TaskDefinition);
    if (definition === undefined) throw new Error(`Service ${resource.logicalId} has no task definition`);
    const [container] = containersSchema.parse(definition.properties.ContainerDefinitions);
    const environment = environmentSchema.parse(
      stack.resolver.resolve(definition.stack, container?.Environment),
    );
    return {
      desiredCount: DesiredCount,
      entry: container?.Command?.at(-1),
      env: Object.fromEntries(environment.map(({ Name, Value }) => [Name, Value])),
    };
  });
