import type { AnyCommand, Group } from './command.ts';
import { bindRules } from './commands/bind-rules.ts';
import { checkStorage } from './commands/check-storage.ts';
import { deleteCommand } from './commands/delete.ts';
import { deleteRecording } from './commands/delete-recording.ts';
import { getDelivery, listDeliveries, resendDelivery, testCallback } from './commands/deliveries.ts';
import { getCommand } from './commands/get.ts';
import { listCommand } from './commands/list.ts';
import { listFiles } from './commands/list-files.ts';
import { matchRule } from './commands/match-rule.ts';
import { revokeToken } from './commands/revoke-token.ts';
import { rotateCallbackSecret, rotateDomainSecret } from './commands/rotate-secret.ts';
import { stopRecording, stopTask } from './commands/stop.ts';
import { createCommand, updateCommand } from './commands/write.ts';
import { downloadRecording } from './download/command.ts';
import { callbacks } from './resources/callbacks.ts';
import { domains } from './resources/domains.ts';
import { orchestrations } from './resources/orchestrations.ts';
import { recordings } from './resources/recordings.ts';
import type { AnyResource } from './resources/resource.ts';
import { rules } from './resources/rules.ts';
import { standbys } from './resources/standbys.ts';
import { storages } from './resources/storages.ts';
import { streams } from './resources/streams.ts';
import { tasks } from './resources/tasks.ts';
import { templates } from './resources/templates.ts';
import { tokens } from './resources/tokens.ts';
import { transcodes } from './resources/transcodes.ts';
import { watermarks } from './resources/watermarks.ts';

/** What the API can do with every kind of thing alike, and commands that only this kind has. */
const groupOf = (resource: AnyResource, ...own: readonly AnyCommand[]): Group => ({
  name: resource.group,
  about: resource.about,
  commands: [
    listCommand(resource),
    getCommand(resource),
    ...(resource.create === undefined ? [] : [createCommand(resource)]),
    ...(resource.replace === undefined ? [] : [updateCommand(resource)]),
    ...(resource.remove === undefined ? [] : [deleteCommand(resource)]),
    ...own,
  ],
});

export const GROUPS: readonly Group[] = [
  groupOf(templates),
  groupOf(watermarks),
  groupOf(transcodes),
  groupOf(standbys),
  groupOf(orchestrations),
  groupOf(rules, bindRules, matchRule),
  groupOf(tasks, stopTask),
  groupOf(storages, checkStorage),
  groupOf(domains, rotateDomainSecret),
  groupOf(recordings, listFiles, downloadRecording, stopRecording, deleteRecording),
  groupOf(streams),
  groupOf(callbacks, listDeliveries, getDelivery, resendDelivery, testCallback, rotateCallbackSecret),
  groupOf(tokens, revokeToken),
];
