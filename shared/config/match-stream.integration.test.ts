import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { useTable } from '../../test/support/table.ts';
import type { Rule } from '../schemas/rule.ts';
import { type ConfigWorld, createConfigWorld } from './config.fixture.ts';
import { createExplainer } from './explain.ts';
import { matchStream } from './match-stream.ts';
import { openConfig } from './plan.ts';
import { ruleIdOf } from './rule-id.ts';
import { ruleItem } from './rule-item.ts';

const table = useTable();
let world: ConfigWorld;
/** What was asked of the table: requests, and what they read in units of 4 kB. */
const asked = { requests: 0, units: 0 };

const countRequests = (): void => {
  table.client.middlewareStack.add(
    (next) => (args) => {
      const isRead = 'RequestItems' in args.input || 'Key' in args.input;
      return next(isRead ? { ...args, input: { ...args.input, ReturnConsumedCapacity: 'TOTAL' } } : args);
    },
    { step: 'initialize', name: 'askForCapacity' },
  );
  table.client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      asked.requests += 1;
      const { ConsumedCapacity = [] } = result.output as {
        ConsumedCapacity?: { CapacityUnits: number } | { CapacityUnits: number }[];
      };
      for (const { CapacityUnits } of [ConsumedCapacity].flat()) asked.units += CapacityUnits;
      return result;
    },
    { step: 'deserialize', priority: 'high', name: 'countRequests' },
  );
};

beforeAll(() => {
  world = createConfigWorld(table);
  countRequests();
});
beforeEach(() => {
  asked.requests = 0;
  asked.units = 0;
});

describe('Matching a stream', () => {
  it('finds the most specific rule', async () => {
    const { domain } = await world.aDomain();
    const [wide, middle, narrow] = [
      await world.aTemplate(),
      await world.aTemplate(),
      await world.aTemplate(),
    ];
    await world.aRule({ domain, templateId: wide.templateId });
    await world.aRule({ domain, app: 'live', templateId: middle.templateId });
    await world.aRule({ domain, app: 'live', stream: 'show', templateId: narrow.templateId });
    const templateFor = async (app: string, stream: string) =>
      (await matchStream(table, { domain, app, stream })).rule?.templateId;
    expect(await templateFor('live', 'show')).toBe(narrow.templateId);
    expect(await templateFor('live', 'other')).toBe(middle.templateId);
    expect(await templateFor('other', 'show')).toBe(wide.templateId);
  });

  it('knows a domain without rules from one that nobody has configured', async () => {
    const domain = await world.aDomain();
    const key = { app: 'a', stream: 's' };
    expect(await matchStream(table, { ...key, domain: domain.domain })).toEqual({ domain, rule: undefined });
    expect(await matchStream(table, { ...key, domain: 'none.example.com' })).toEqual({
      domain: undefined,
      rule: undefined,
    });
  });

  it('does not take the border between app and stream for part of a name', async () => {
    const { domain } = await world.aDomain();
    const { templateId } = await world.aTemplate();
    await world.aRule({ domain, app: 'a', stream: 'b/c', templateId });
    expect((await matchStream(table, { domain, app: 'a/b', stream: 'c' })).rule).toBeUndefined();
    expect((await matchStream(table, { domain, app: 'a', stream: 'b/c' })).rule).toBeDefined();
  });
});

describe('Explaining', () => {
  it('says why a stream would not be recorded', async () => {
    const explain = createExplainer(openConfig(table));
    const { domain } = await world.aDomain();
    const key = { domain, app: 'live', stream: 'show' };
    const nothing = { rule: null, template: null, recorded: false };
    expect(await explain({ ...key, domain: 'none.example.com' })).toEqual({
      ...nothing,
      reason: 'The push domain none.example.com is not configured.',
    });
    expect(await explain(key)).toEqual({ ...nothing, reason: expect.stringContaining('No rule binds') });
    const template = await world.aTemplate();
    const { rule } = await world.aRule({ domain, templateId: template.templateId });
    expect(await explain(key)).toEqual({ rule, template, recorded: true, reason: null });
    await world.domains.replace({ ...world.domainInput(domain), enabled: false });
    expect(await explain(key)).toEqual({
      rule,
      template,
      recorded: false,
      reason: `The push domain ${domain} is disabled.`,
    });
  });
});

describe('With 10,000 rules', () => {
  const RULES = 10_000;
  const DOMAIN = 'busy.example.com';
  let templateIds: string[];

  const ruleAt = (index: number): Rule => {
    const target = { domain: DOMAIN, app: `app-${index % 100}`, stream: `stream-${index}` };
    const templateId = templateIds[index % templateIds.length] ?? '';
    return { ...target, templateId, ruleId: ruleIdOf(target), createdAt: '2026-11-22T10:00:00.000Z' };
  };

  const write = async (rules: readonly Rule[]): Promise<void> => {
    const puts = rules.map((rule) => {
      const uses = { [`TEMPLATE#${rule.templateId}`]: rule.ruleId };
      return { PutRequest: { Item: ruleItem(rule, { uses, writeId: rule.ruleId }) } };
    });
    const { UnprocessedItems = {} } = await table.client.send(
      new BatchWriteCommand({ RequestItems: { [table.tableName]: puts } }),
    );
    expect(UnprocessedItems).toEqual({});
  };

  beforeAll(async () => {
    await world.aDomain(DOMAIN);
    templateIds = [];
    for (let index = 0; index < 50; index += 1) templateIds.push((await world.aTemplate()).templateId);
    const rules = Array.from({ length: RULES }, (_, index) => ruleAt(index));
    for (let begin = 0; begin < RULES; begin += 25) await write(rules.slice(begin, begin + 25));
  });

  it('a stream is matched with one request for four items', async () => {
    const rule = ruleAt(4711);
    const { domain, app = '', stream = '' } = rule;
    const matched = await matchStream(table, { domain, app, stream });
    expect(matched.rule).toEqual(rule);
    expect(asked).toEqual({ requests: 1, units: 4 });
  });

  it('a match takes milliseconds', async () => {
    const times: number[] = [];
    for (let index = 0; index < 200; index += 1) {
      const { domain, app = '', stream = '' } = ruleAt((index * 7919) % RULES);
      const begin = performance.now();
      await matchStream(table, { domain, app, stream });
      times.push(performance.now() - begin);
    }
    expect(times.sort((one, other) => one - other)[100]).toBeLessThan(50);
  });

  it('those of one template are listed without reading the others', async () => {
    const page = await world.rules.list({ templateId: templateIds[7] ?? '' }, { limit: 100 });
    expect(page.items).toHaveLength(100);
    const rest = await world.rules.list(
      { templateId: templateIds[7] ?? '' },
      { limit: 101, cursor: page.cursor ?? '' },
    );
    expect(rest).toMatchObject({ items: { length: RULES / 50 - 100 }, cursor: null });
    expect(asked.requests).toBe(2);
  });
});
