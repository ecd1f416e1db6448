import { Option } from 'commander';
import type { OptionSpec } from '../command.ts';
import { UsageError } from '../exit.ts';
import { parseCount, parseList, parseYesNo } from '../values/choices.ts';
import { parseWhole } from '../values/duration.ts';
import { parseTime } from '../values/time.ts';
import { type Body, getAt, isBody, type Path, withAt } from './paths.ts';

/** A flag that sets a field of a body. */
export interface Flag extends OptionSpec {
  /** @throws UsageError */
  put(body: Body, value: string, now: Date): Body;
}

const field = (
  flags: string,
  path: string,
  about: string,
  parse: (value: string, now: Date, before: unknown) => unknown,
): Flag => {
  const names: Path = path.split('.');
  return {
    flags,
    about,
    put: (body, value, now) => withAt(body, names, parse(value, now, getAt(body, names))),
  };
};

export const text = (flags: string, path: string, about: string): Flag =>
  field(flags, path, about, (value) => value);

export const count = (flags: string, path: string, about: string): Flag =>
  field(flags, path, about, parseCount);

export const yesNo = (flags: string, path: string, about: string): Flag =>
  field(flags, path, about, parseYesNo);

export const list = (flags: string, path: string, about: string): Flag =>
  field(flags, path, about, (value) => parseList(value));

export const time = (flags: string, path: string, about: string): Flag =>
  field(flags, path, about, parseTime);

/** A duration that the API takes in minutes, days or seconds. */
export const span = (
  flags: string,
  path: string,
  about: string,
  unit: 'seconds' | 'minutes' | 'days',
): Flag => {
  const seconds = { seconds: 1, minutes: 60, days: 86_400 }[unit];
  return field(flags, path, about, (value) => parseWhole(value, seconds, unit));
};

/** Names of fields that are objects: those named come, with what is said of them already, and others go. */
export const parts = (flags: string, path: string, about: string, allowed: readonly string[]): Flag =>
  field(flags, path, about, (value, _, before) =>
    Object.fromEntries(
      parseList(value, allowed).map((name) => [name, (isBody(before) ? before[name] : undefined) ?? {}]),
    ),
  );

/** `body` with the flags that were given. @throws UsageError naming the flag */
export const applyFlags = (body: Body, flags: readonly Flag[], given: object, now: Date): Body => {
  let result = body;
  for (const flag of flags) {
    const option = new Option(flag.flags);
    const value: unknown = Reflect.get(given, option.attributeName());
    if (typeof value !== 'string') continue;
    try {
      result = flag.put(result, value, now);
    } catch (error) {
      if (error instanceof UsageError) throw new UsageError(`${option.long ?? ''}: ${error.message}`);
      throw error;
    }
  }
  return result;
};
