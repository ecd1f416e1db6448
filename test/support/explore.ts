/** A system as states, and what may happen in each of them. States are plain values that JSON can hold. */
export interface Model<State> {
  readonly initial: State;
  /** Everything that may happen next, by name. Must not change the state that it is given. */
  next(state: State): Iterable<readonly [action: string, after: State]>;
  /** Nothing more has to happen. */
  isFinal(state: State): boolean;
  /** What must never be so; undefined: all is well. */
  wrong(after: State, before: State): string | undefined;
}

export interface Exploration {
  readonly states: number;
  readonly finals: number;
  /** The shortest ways, as actions, to what must never be so. */
  readonly wrong: string[];
  /** The shortest ways to states from which no final one can be reached. */
  readonly deadEnds: string[];
}

/** More would say the same again. */
const MOST_FOUND = 3;

interface Node {
  readonly parent: number;
  readonly action: string;
  readonly before: number[];
  isFinal: boolean;
}

/**
 * Visits every state that can be reached, breadth first.
 * @throws Error when there are more than `most`
 */
export const explore = <State>(model: Model<State>, most: number): Exploration => {
  const nodes: Node[] = [];
  const ids = new Map<string, number>();
  let frontier: [id: number, state: State][] = [];
  const wrong: string[] = [];

  const wayTo = (id: number): string => {
    const way: string[] = [];
    for (let at = nodes[id]; at !== undefined && at.parent >= 0; at = nodes[at.parent])
      way.unshift(at.action);
    return way.join(' → ');
  };

  const visit = (state: State, parent: number, action: string): [number, boolean] => {
    const key = JSON.stringify(state);
    const known = ids.get(key);
    if (known !== undefined) return [known, false];
    const id = nodes.length;
    if (id >= most) throw new Error(`There are more than ${most} states; the last way: ${wayTo(parent)}`);
    ids.set(key, id);
    nodes.push({ parent, action, before: [], isFinal: model.isFinal(state) });
    return [id, true];
  };

  frontier.push([visit(model.initial, -1, '')[0], model.initial]);
  while (frontier.length > 0) {
    const following: [number, State][] = [];
    for (const [id, state] of frontier) {
      for (const [action, after] of model.next(state)) {
        const [next, isNew] = visit(after, id, action);
        nodes[next]?.before.push(id);
        if (isNew) following.push([next, after]);
        const found = wrong.length < MOST_FOUND ? model.wrong(after, state) : undefined;
        if (found !== undefined) wrong.push(`${found}: ${wayTo(id)} → ${action}`);
      }
    }
    frontier = following;
  }

  // Backwards from the final states: what is not met cannot end.
  const ends = new Set(nodes.flatMap((node, id) => (node.isFinal ? [id] : [])));
  const finals = ends.size;
  for (const id of ends) for (const before of nodes[id]?.before ?? []) ends.add(before);
  const deadEnds = nodes.flatMap((_, id) => (ends.has(id) ? [] : [id])).slice(0, MOST_FOUND);
  return { states: nodes.length, finals, wrong, deadEnds: deadEnds.map(wayTo) };
};
