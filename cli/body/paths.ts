/** What is sent to the API, or read from a file. */
export type Body = Record<string, unknown>;

/** Names of fields, and numbers of entries, from the outside in. */
export type Path = readonly string[];

export const isBody = (value: unknown): value is Body =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const getAt = (body: Body, [name = '', ...rest]: Path): unknown => {
  const value = Object.hasOwn(body, name) ? body[name] : undefined;
  if (rest.length === 0) return value;
  const inner: unknown = Array.isArray(value) ? { ...value } : value;
  return isBody(inner) ? getAt(inner, rest) : undefined;
};

/** What is at `path` of a field, or of an entry of a list that is there, as `value`. */
const within = (inner: unknown, path: Path, value: unknown): unknown => {
  if (!Array.isArray(inner)) return withAt(isBody(inner) ? inner : {}, path, value);
  const changed = withAt({ ...inner }, path, value);
  return inner.map((_, index) => changed[index]);
};

/** A copy with `value` at `path`; undefined takes away what is there. */
export const withAt = (body: Body, [name = '', ...rest]: Path, value: unknown): Body => {
  const inner = body[name];
  const next = rest.length === 0 ? value : within(inner, rest, value);
  const { [name]: _, ...others } = body;
  return next === undefined ? others : { ...body, [name]: next };
};

/** `change` over `body`: objects go into one another, null takes a field away, everything else replaces. */
export const merge = (body: Body, change: Body): Body => {
  let merged = body;
  for (const [name, value] of Object.entries(change)) {
    const before = merged[name];
    const next = isBody(value) ? merge(isBody(before) ? before : {}, value) : (value ?? undefined);
    merged = withAt(merged, [name], next);
  }
  return merged;
};
