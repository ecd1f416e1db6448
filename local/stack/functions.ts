import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import * as z from 'zod';
import { createFunction, type FunctionSetup, type LocalFunction } from '../lambda/pool.ts';
import type { Resource } from '../template/load.ts';
import type { Stack } from './resources.ts';

const functionSchema = z.object({
  Handler: z.string(),
  Code: z.object({ S3Key: z.string() }),
  Timeout: z.number().default(3),
  MemorySize: z.number().default(128),
  Environment: z.object({ Variables: z.record(z.string(), z.string()) }).default({ Variables: {} }),
});

/** Events of one function at the same time. Each thread holds the whole bundle, so a few must do. */
export const MAX_THREADS = 3;

/** The templates' functions, made when something calls them. */
export interface Functions {
  /** @throws when no function of the templates is meant. */
  readonly named: (nameOrArn: string) => LocalFunction;
  /** All that something calls. */
  readonly used: () => readonly LocalFunction[];
}

const entryOf = (asset: string, module: string): string => {
  const found = ['.mjs', '.js', '.cjs']
    .map((ending) => join(asset, `${module}${ending}`))
    .find((path) => existsSync(path));
  if (found === undefined) throw new Error(`${asset} has no module ${module}`);
  return found;
};

export const playFunctions = (
  stack: Stack,
  options: {
    env: Readonly<Record<string, string>>;
    /** Variables in place of the templates'. */
    more?: Readonly<Record<string, string>>;
    log: (name: string) => Writable;
    onFailure: FunctionSetup['onFailure'];
  },
): Functions => {
  const made = new Map<string, LocalFunction>();

  const make = (resource: Resource, name: string): LocalFunction => {
    const { Handler, Code, Timeout, MemorySize, Environment } = stack.resolver.properties(
      resource,
      functionSchema,
    );
    const [module = '', handler = ''] = Handler.split('.');
    return createFunction({
      entry: entryOf(stack.assembly.assetPath(Code.S3Key), module),
      handler,
      functionName: name,
      memoryMb: MemorySize,
      timeoutMs: Timeout * 1000,
      maxThreads: MAX_THREADS,
      env: {
        ...options.env,
        ...Environment.Variables,
        ...options.more,
        AWS_LAMBDA_FUNCTION_NAME: name,
        AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(MemorySize),
      },
      log: options.log(name),
      onFailure: options.onFailure,
    });
  };

  const named = (nameOrArn: string): LocalFunction => {
    for (const resource of stack.ofType('AWS::Lambda::Function')) {
      const { ref, attributes } = stack.physical(resource);
      // API Gateway may name a function by a longer URI with the ARN inside.
      if (nameOrArn !== ref && !nameOrArn.includes(`${attributes.Arn}`)) continue;
      const lambda = made.get(ref) ?? make(resource, ref);
      made.set(ref, lambda);
      return lambda;
    }
    throw new Error(`The templates have no function ${nameOrArn}`);
  };

  return { named, used: () => [...made.values()] };
};
