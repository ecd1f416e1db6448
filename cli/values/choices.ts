import { UsageError } from '../exit.ts';

/** The parts of `a,b`, without repetitions. @throws UsageError when one is not allowed */
export const parseList = (text: string, allowed?: readonly string[]): string[] => {
  const parts = [...new Set(text.split(',').map((part) => part.trim()))].filter((part) => part !== '');
  if (parts.length === 0) throw new UsageError('a list must name something, such as mp4,hls');
  const unknown = parts.filter((part) => allowed?.includes(part) === false);
  if (unknown.length > 0) {
    throw new UsageError(`'${unknown.join(',')}' is none of ${allowed?.join(', ')}`);
  }
  return parts;
};

/** @throws UsageError */
export const parseYesNo = (text: string): boolean => {
  if (text === 'yes' || text === 'true') return true;
  if (text === 'no' || text === 'false') return false;
  throw new UsageError(`'${text}' must be yes or no`);
};

/** @throws UsageError */
export const parseCount = (text: string): number => {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new UsageError(`'${text}' must be a whole number`);
};
