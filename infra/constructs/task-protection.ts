import { Stack } from 'aws-cdk-lib';
import type { ICluster, TaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { acknowledgeWildcard } from '../nag.ts';

/** Lets a busy task protect itself from scale-in, through the ECS agent, which calls ECS with the task's role. */
export const grantTaskProtection = (task: TaskDefinition, cluster: ICluster): void => {
  const role = task.taskRole;
  const tasks = Stack.of(task).formatArn({
    service: 'ecs',
    resource: 'task',
    resourceName: `${cluster.clusterName}/*`,
  });
  Grant.addToPrincipal({
    grantee: role,
    actions: ['ecs:GetTaskProtection', 'ecs:UpdateTaskProtection'],
    resourceArns: [tasks],
  });
  acknowledgeWildcard(
    role,
    tasks,
    'Tasks get their ids when they start; the cluster holds recorders and workers alone.',
  );
};
