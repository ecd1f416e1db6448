import { ruleIdOf } from '../../shared/config/rule-id.ts';

// biome-ignore lint/suspicious/noExplicitAny: whatever is in the table
type Item = Record<string, any>;

const byKind = (items: readonly Item[]) => {
  const all = new Map(items.map((item) => [`${item.pk} ${item.sk}`, item]));
  const ofKind = (sk: string): Item[] => items.filter((item) => item.sk === sk);
  const uses = items.filter(({ sk }) => String(sk).startsWith('USE#'));
  return { all, ofKind, uses, templates: ofKind('TEMPLATE'), rules: ofKind('RULE') };
};

const repeated = (values: readonly string[]): string[] =>
  values.filter((value, index) => values.indexOf(value) !== index);

/** Everything in a table that must never be, in words. */
export const brokenIn = (items: readonly Item[]): string[] => {
  const { all, templates, rules } = byKind(items);
  const lacksUse = (user: Item, userId: string, targetPk: string): string[] => {
    const useId = user.uses?.[targetPk];
    return all.has(`${targetPk} USE#${userId}#${useId}`) ? [] : [`${userId} has no use of ${targetPk}`];
  };
  const regionOf = (storageId: string | undefined): unknown =>
    all.get(`STORAGE#${storageId} STORAGE`)?.region;

  return [
    ...templates.flatMap((template) => {
      const { templateId, name, nameClaim, storage } = template;
      const used: string[] = Object.values(storage);
      const claim = all.get(`NAME#TEMPLATE#${name} NAME`);
      return [
        ...used
          .filter((id) => regionOf(id) === undefined)
          .map((id) => `${templateId} without its storage ${id}`),
        ...used.flatMap((id) => lacksUse(template, templateId, `STORAGE#${id}`)),
        ...(used.length > 1 && regionOf(storage.primary) === regionOf(storage.backup)
          ? [`${templateId} with both storages in one region`]
          : []),
        ...(claim?.ownerId === templateId && claim?.claimId === nameClaim
          ? []
          : [`${templateId} without a claim to its name ${name}`]),
      ];
    }),
    ...repeated(templates.map(({ name }) => name)).map((name) => `Two templates named ${name}`),
    ...rules.flatMap((rule) => {
      const { ruleId, templateId, domain, app, stream, streamPk } = rule;
      return [
        ...(all.has(`TEMPLATE#${templateId} TEMPLATE`)
          ? []
          : [`${ruleId} without its template ${templateId}`]),
        ...(all.has(`DOMAIN#${domain} DOMAIN`) ? [] : [`${ruleId} without its domain ${domain}`]),
        ...lacksUse(rule, ruleId, `TEMPLATE#${templateId}`),
        ...lacksUse(rule, ruleId, `DOMAIN#${domain}`),
        ...(streamPk === `RULES#${templateId}` ? [] : [`${ruleId} on the list of another template`]),
        ...(ruleId === ruleIdOf({ domain, app, stream }) ? [] : [`${ruleId} with the id of another match`]),
      ];
    }),
    ...repeated(rules.map(({ domain, app, stream }) => JSON.stringify([domain, app, stream]))).map(
      (target) => `Two rules match exactly ${target}`,
    ),
  ];
};

/** Uses and names that nobody has, and marks of removals that are over. */
export const leftBehindIn = (items: readonly Item[]): string[] => {
  const { templates, rules, ofKind, uses } = byKind(items);
  const held = new Set([...templates, ...rules].flatMap((user) => Object.values(user.uses)));
  const claims = new Set([...templates, ...ofKind('STORAGE')].map(({ nameClaim }) => nameClaim));
  return [
    ...uses.filter(({ useId }) => !held.has(useId)).map(({ pk, sk }) => `${pk} has ${sk} of nobody`),
    ...ofKind('NAME')
      .filter(({ claimId }) => !claims.has(claimId))
      .map(({ pk }) => `${pk} belongs to nobody`),
    ...items.filter(({ deletingAt }) => deletingAt !== undefined).map(({ pk }) => `${pk} is marked`),
  ];
};
