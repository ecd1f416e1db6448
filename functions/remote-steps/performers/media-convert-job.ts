import type {
  CreateJobRequest,
  Input,
  JobTemplate,
  OutputGroup,
  OutputGroupSettings,
  OutputGroupType,
} from '@aws-sdk/client-mediaconvert';
import { JOB_OWNER } from '../../../shared/constants.ts';
import { requestTokenOf, type TryName } from '../../../shared/post-processing/tries.ts';

export interface JobOf {
  readonly name: TryName;
  readonly deployment: string;
  readonly role: string;
  readonly template: JobTemplate;
  /** Such as `s3://bucket/show.m3u8`. */
  readonly inputs: readonly string[];
  /** Such as `s3://bucket/show-ladder/`: files in it get the name of the input, and what the template adds to it. */
  readonly folder: string;
}

/** What an event of a job finds its step by. */
export const metadataOf = (deployment: string, name: TryName): Record<string, string> => ({
  ...{ [JOB_OWNER]: deployment, recordId: name.recordId, runId: name.runId, step: name.step },
  attempt: String(name.attempt),
});

const DESTINATIONS = {
  CMAF_GROUP_SETTINGS: 'CmafGroupSettings',
  DASH_ISO_GROUP_SETTINGS: 'DashIsoGroupSettings',
  FILE_GROUP_SETTINGS: 'FileGroupSettings',
  HLS_GROUP_SETTINGS: 'HlsGroupSettings',
  MS_SMOOTH_GROUP_SETTINGS: 'MsSmoothGroupSettings',
} as const satisfies Record<OutputGroupType, keyof OutputGroupSettings>;

const withDestination = (group: OutputGroup, Destination: string): OutputGroup => {
  const { OutputGroupSettings: settings = {} } = group;
  const name = DESTINATIONS[settings.Type ?? 'FILE_GROUP_SETTINGS'];
  return { ...group, OutputGroupSettings: { ...settings, [name]: { ...settings[name], Destination } } };
};

/** As the console makes an input: a template without one leaves that to the job. */
const PLAIN_INPUT: Input = {
  AudioSelectors: { 'Audio Selector 1': { DefaultSelection: 'DEFAULT' } },
  TimecodeSource: 'ZEROBASED',
};

const without = <Value extends object>(value: Value): Value =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Value;

/**
 * The job that a template, as `GetJobTemplate` gives it, makes of an input. The settings are given in full and the template
 * is not named: a job takes either, and only whole output groups can be replaced
 * (https://docs.aws.amazon.com/mediaconvert/latest/apireference/jobs.html). Pure.
 */
export const jobOf = ({ name, deployment, role, template, inputs, folder }: JobOf): CreateJobRequest => {
  const { Settings: { Inputs: [first = PLAIN_INPUT] = [], OutputGroups = [], ...settings } = {} } = template;
  const { AccelerationSettings, HopDestinations, Priority, Queue } = template;
  const isAlone = OutputGroups.length === 1;
  return {
    ...without({ AccelerationSettings, HopDestinations, Priority, Queue }),
    Role: role,
    ClientRequestToken: requestTokenOf(name),
    UserMetadata: metadataOf(deployment, name),
    StatusUpdateInterval: template.StatusUpdateInterval ?? 'SECONDS_60',
    Settings: {
      ...settings,
      Inputs: inputs.map((FileInput) => ({ ...first, FileInput })),
      // Groups of one kind could otherwise write the same names.
      OutputGroups: OutputGroups.map((group, index) =>
        withDestination(group, isAlone ? folder : `${folder}${index + 1}/`),
      ),
    },
  };
};
