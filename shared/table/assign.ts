/** The parts of an update that sets the attributes which have a value, and removes the others. */
export const assign = (attributes: Readonly<Record<string, unknown>>) => {
  const names = Object.keys(attributes);
  const given = names.filter((name) => attributes[name] !== undefined);
  const others = names.filter((name) => attributes[name] === undefined);
  const sets = given.map((name) => `#${name} = :${name}`).join(', ');
  const removals = others.length === 0 ? '' : ` REMOVE ${others.map((name) => `#${name}`).join(', ')}`;
  return {
    UpdateExpression: `SET ${sets}${removals}`,
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries(given.map((name) => [`:${name}`, attributes[name]])),
  };
};
