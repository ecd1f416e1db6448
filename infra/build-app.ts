import { App } from 'aws-cdk-lib';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { addChecks } from './nag.ts';
import { readSettings } from './settings.ts';
import { ControlStack } from './stacks/control-stack.ts';
import { DataStack } from './stacks/data-stack.ts';
import { RecorderStack } from './stacks/recorder-stack.ts';

/** Feature flags live here and not in `cdk.json`, so that every caller synthesizes the same templates. */
const FLAGS = {
  ...recommendedFlags,
  // Exports and imports, which every CloudFormation emulator understands.
  '@aws-cdk/core:defaultCrossStackReferences': 'strong',
};

export interface BuildAppProps {
  /**
   * Where the cloud assembly is written.
   * @default what the CDK CLI asks for, else a temporary folder
   */
  readonly outdir?: string;
  /**
   * Context, as `-c name=value` gives it; see `settings.ts` for the names.
   * @default only what the CDK CLI passes
   */
  readonly context?: Readonly<Record<string, unknown>>;
  /**
   * Whether synthesis fails on findings of the AWS Solutions rules and of the CDK's own.
   * @default false
   */
  readonly checks?: boolean;
}

/**
 * The whole of Streamkeep as CDK stacks. The stacks name no account and no region, so synthesis looks nothing up
 * and works without credentials or network.
 */
export const buildApp = (props: BuildAppProps = {}): App => {
  const checks = props.checks ?? false;
  const app = new App({
    analyticsReporting: false,
    // Takes three seconds, which only those who deploy need to wait.
    builtinCloudFormationValidation: checks,
    context: {
      ...FLAGS,
      ...props.context,
    },
    ...(props.outdir === undefined ? {} : { outdir: props.outdir }),
  });
  const settings = readSettings(app.node);
  const name = settings.deployment;

  const data = new DataStack(app, 'Data', { stackName: `${name}-data`, settings });
  new ControlStack(app, 'Control', { stackName: `${name}-control`, settings, data });
  new RecorderStack(app, 'Recorder', { stackName: `${name}-recorder`, settings, data });

  if (checks) addChecks(app);
  return app;
};
