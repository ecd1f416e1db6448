import { type Body, getAt } from '../body/paths.ts';
import type { AnyResource, Reference } from './resource.ts';

/** Stands in the path of a reference for each entry of a list. */
const EACH = '*';

const expanded = (reference: Reference, body: Body): Reference[] => {
  const at = reference.path.indexOf(EACH);
  if (at < 0) return [reference];
  const [before, after] = [reference.path.slice(0, at), reference.path.slice(at + 1)];
  const list = getAt(body, before);
  return Array.isArray(list)
    ? list.map((_, index) => ({ ...reference, path: [...before, String(index), ...after] }))
    : [];
};

/** The fields of `body` that may name other things: of lists one for each entry. Pure. */
export const referencesIn = ({ references = [] }: Pick<AnyResource, 'references'>, body: Body): Reference[] =>
  references.flatMap((reference) => expanded(reference, body));
