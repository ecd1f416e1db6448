import { styleText } from 'node:util';
import type { Sink } from '../io.ts';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Colours `text`, where colours are wanted. */
export const paint = ({ colors }: Pick<Sink, 'colors'>, style: Style, text: string): string =>
  colors && text !== '' ? styleText(style, text, { validateStream: false }) : text;
