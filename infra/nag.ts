import { type App, Stack, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference.js';
import type { IConstruct } from 'constructs';

/** Makes synthesis fail on every finding of the AWS Solutions rules that is not acknowledged with a reason. */
export const addChecks = (app: App): void => {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { verbose: true }));
};

/** Acknowledges findings on `scope` and all below it. `reason` says why the finding does no harm here. */
export const acknowledge = (scope: IConstruct, reason: string, ...ids: readonly string[]): void => {
  for (const id of ids) Validations.of(scope).acknowledge({ id, reason });
};

/** Acknowledges that policies below `scope` allow `resource`, an ARN with a wildcard. */
export const acknowledgeWildcard = (scope: IConstruct, resource: string, reason: string): void => {
  const finding = flattenCfnReference(Stack.of(scope).resolve(resource));
  acknowledge(scope, reason, `AwsSolutions-IAM5[Resource::${finding}]`);
};
