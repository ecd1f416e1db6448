import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type BuildAppProps, buildApp } from './build-app.ts';

export interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly DeletionPolicy?: string;
}

/** The templates of all stacks, by construct id; functions are not bundled, which tests of templates can do without. */
export const synthesizeTemplates = (context: NonNullable<BuildAppProps['context']> = {}) => {
  const app = buildApp({ context: { 'aws:cdk:bundling-stacks': [], ...context } });
  const templateOf = (id: string) => {
    const stack = app.node.findChild(id);
    if (!Stack.isStack(stack)) throw new Error(`${id} is not a stack.`);
    return Template.fromStack(stack);
  };
  return { data: templateOf('Data'), control: templateOf('Control'), recorder: templateOf('Recorder') };
};

/** Every resource of a type, its logical id first. */
export const resourcesOf = (template: Template, type: string): [string, Resource][] =>
  Object.entries(template.findResources(type) as Record<string, Resource>);
