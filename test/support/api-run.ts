import { BatchWriteCommand, type BatchWriteCommandInput, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { ruleIdOf } from '../../shared/config/rule-id.ts';
import { type Answer, type CallOptions, startApi } from './api.ts';
import { made, SOURCE } from './api-config.ts';
import { brokenIn, leftBehindIn } from './config-invariants.ts';
import { createInterleaving } from './interleaving.ts';

type Target = { domain: string; app: string | undefined };
type TemplateValues = { name: string; primary: number; backup: number | undefined };

/** One call. Numbers choose among the things that have been made, the latest first, also those that are gone. */
export type Action =
  | { type: 'createStorage'; region: string }
  | { type: 'moveStorage'; storage: number; region: string; seen: boolean }
  | { type: 'deleteStorage'; storage: number; seen: boolean }
  | ({ type: 'createTemplate' } & TemplateValues)
  | ({ type: 'replaceTemplate'; template: number; seen: boolean } & TemplateValues)
  | { type: 'deleteTemplate'; template: number; seen: boolean }
  | { type: 'createDomain'; domain: string }
  | { type: 'deleteDomain'; domain: string; seen: boolean }
  | ({ type: 'bind'; template: number } & Target)
  | { type: 'bindAll'; template: number; app: string | undefined }
  | ({ type: 'rebind'; template: number; seen: boolean } & Target)
  | ({ type: 'unbind'; seen: boolean } & Target);

/** Calls that are in flight at the same time. */
export interface Step {
  readonly actions: readonly Action[];
  /** Decides in which order their requests reach the table. */
  readonly seed: number;
  /** Requests after which a call dies, by its index. */
  readonly diesAfter: Readonly<Record<string, number>>;
}

export const DOMAINS = ['one.example.com', 'two.example.com'];

interface Request {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** Whether it names the version that was read before the step. */
  readonly seen?: boolean;
}

const MOST_IN_BATCH = 25;

/** The API on a table of its own, with something in it, for sequences of calls that come at the same time. */
export const startApiRuns = async () => {
  const api = await startApi();
  const interleaving = createInterleaving(api.table);
  const storages: string[] = [];
  const templates: string[] = [];
  let count = 0;

  const storageBody = (region: string) => {
    count += 1;
    return { name: `storage-${count}`, bucket: 'my-bucket', region };
  };
  const chosen = (ids: readonly string[], index: number): string =>
    ids.at(-1 - (index % ids.length)) ?? 'none';
  const templateBody = ({ name, primary, backup }: TemplateValues) => ({
    name,
    formats: { mp4: {} },
    storage: {
      primary: chosen(storages, primary),
      ...(backup === undefined ? {} : { backup: chosen(storages, backup) }),
    },
  });
  const rulePath = (target: Target): string => `/v1/rules/${ruleIdOf(target)}`;

  const requestOf = (action: Action): Request => {
    switch (action.type) {
      case 'createStorage':
        return { method: 'POST', path: '/v1/storages', body: storageBody(action.region) };
      case 'moveStorage': {
        const path = `/v1/storages/${chosen(storages, action.storage)}`;
        return { method: 'PUT', path, body: storageBody(action.region), seen: action.seen };
      }
      case 'deleteStorage':
        return {
          method: 'DELETE',
          path: `/v1/storages/${chosen(storages, action.storage)}`,
          seen: action.seen,
        };
      case 'createTemplate':
        return { method: 'POST', path: '/v1/templates', body: templateBody(action) };
      case 'replaceTemplate': {
        const path = `/v1/templates/${chosen(templates, action.template)}`;
        return { method: 'PUT', path, body: templateBody(action), seen: action.seen };
      }
      case 'deleteTemplate': {
        const path = `/v1/templates/${chosen(templates, action.template)}`;
        return { method: 'DELETE', path, seen: action.seen };
      }
      case 'createDomain': {
        const body = { domain: action.domain, adapter: 'nginx-rtmp', source: SOURCE };
        return { method: 'POST', path: '/v1/domains', body };
      }
      case 'deleteDomain':
        return { method: 'DELETE', path: `/v1/domains/${action.domain}`, seen: action.seen };
      case 'bind': {
        const { domain, app } = action;
        const body = { domain, app, templateId: chosen(templates, action.template) };
        return { method: 'POST', path: '/v1/rules', body };
      }
      case 'bindAll': {
        const body = { domains: DOMAINS, app: action.app, templateId: chosen(templates, action.template) };
        return { method: 'POST', path: '/v1/rules/batch', body };
      }
      case 'rebind': {
        const body = { templateId: chosen(templates, action.template) };
        return { method: 'PUT', path: rulePath(action), body, seen: action.seen };
      }
      case 'unbind':
        return { method: 'DELETE', path: rulePath(action), seen: action.seen };
    }
  };

  /** With the version that is in the table before the step. */
  const optionsOf = async ({ method, path, body, seen }: Request): Promise<CallOptions> => {
    const etag = seen ? (await api.call('GET', path)).headers.etag : undefined;
    const needed = etag ?? (method === 'PUT' ? '*' : undefined);
    return {
      ...(body === undefined ? {} : { body }),
      ...(needed === undefined ? {} : { headers: { 'if-match': String(needed) } }),
    };
  };

  const remember = ({ status, json }: Answer): void => {
    if (status !== 201) return;
    if (json.storageId !== undefined) storages.push(json.storageId);
    else if (json.templateId !== undefined && json.ruleId === undefined) templates.push(json.templateId);
  };

  for (const region of ['eu-central-1', 'us-east-1']) {
    remember(await api.call('POST', '/v1/storages', { body: storageBody(region) }));
  }
  for (const [index, name] of ['a', 'b'].entries()) {
    remember(
      await api.call('POST', '/v1/templates', {
        body: templateBody({ name, primary: index, backup: undefined }),
      }),
    );
  }
  for (const domain of DOMAINS) {
    made(await api.call('POST', '/v1/domains', { body: { domain, adapter: 'nginx-rtmp', source: SOURCE } }));
  }

  const { client, tableName } = api.table;
  const items = async () => {
    const { Items = [] } = await client.send(new ScanCommand({ TableName: tableName, ConsistentRead: true }));
    return Items;
  };

  const write = async (requests: NonNullable<BatchWriteCommandInput['RequestItems']>[string]) => {
    for (let begin = 0; begin < requests.length; begin += MOST_IN_BATCH) {
      const RequestItems = { [tableName]: requests.slice(begin, begin + MOST_IN_BATCH) };
      await client.send(new BatchWriteCommand({ RequestItems }));
    }
  };
  const first = { items: await items(), storages: [...storages], templates: [...templates] };

  return {
    /** Begins again with what there was at first. */
    begin: async (): Promise<void> => {
      const there = await items();
      await write(there.map(({ pk, sk }) => ({ DeleteRequest: { Key: { pk, sk } } })));
      await write(first.items.map((Item) => ({ PutRequest: { Item } })));
      storages.splice(0, storages.length, ...first.storages);
      templates.splice(0, templates.length, ...first.templates);
    },
    /** Makes the calls. @returns what was wrong with the answers */
    step: async ({ actions, seed, diesAfter }: Step): Promise<string[]> => {
      const requests = actions.map(requestOf);
      const options = await Promise.all(requests.map(optionsOf));
      const answers = await interleaving.run(
        requests.map(
          ({ method, path }, index) =>
            () =>
              api.call(method, path, options[index]),
        ),
        { seed, diesAfter },
      );
      answers.forEach(remember);
      const faults = answers.flatMap(({ status, text }, index) =>
        status >= 500 && !(index in diesAfter) ? [`${requests[index]?.method} answered ${text}`] : [],
      );
      const winners = requests.flatMap(({ path }, index) => {
        const version = options[index]?.headers?.['if-match'] ?? '*';
        return version !== '*' && answers[index]?.status === 200 ? [`${path} ${version}`] : [];
      });
      const twice = winners.filter((winner, index) => winners.indexOf(winner) !== index);
      return [...faults, ...twice.map((winner) => `Changed twice from one version: ${winner}`)];
    },
    /** What must never be. */
    broken: async () => brokenIn(await items()),
    /** What nobody would clear away before something is removed. */
    leftBehind: async () => leftBehindIn(await items()),
    passMinute: () => {
      api.clock = new Date(api.clock.getTime() + 61_000);
    },
    close: () => api.close(),
  };
};
export type ApiRuns = Awaited<ReturnType<typeof startApiRuns>>;
