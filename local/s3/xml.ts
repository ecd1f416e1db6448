import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { S3Error } from './errors.ts';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** Written XML: already escaped. */
export type Xml = string;
type Content = Xml | readonly Xml[] | undefined;

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

// Keys may hold control characters, which XML 1.0 only carries (if at all) as character references.
const ESCAPED = /[&<>"]|(?![\t\n])[\p{Cc}\ufffe\uffff]/gu;

/** Escapes text for an element. */
export const text = (value: string | number | boolean): Xml =>
  String(value).replace(ESCAPED, (char) => ENTITIES[char] ?? `&#x${char.charCodeAt(0).toString(16)};`);

/** An element around written XML; absent content makes no element. */
export const element = (name: string, content: Content): Xml =>
  content === undefined
    ? ''
    : `<${name}>${typeof content === 'string' ? content : content.join('')}</${name}>`;

/** An element around a value; `undefined` makes no element. */
export const leaf = (name: string, value: string | number | boolean | undefined): Xml =>
  value === undefined ? '' : element(name, text(value));

/** A whole response document in S3's namespace. */
export const document = (root: string, children: readonly Xml[]): Xml =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${NAMESPACE}">${children.join('')}</${root}>`;

/** An error document: the one kind that S3 sends without a namespace. */
export const errorDocument = (children: readonly Xml[]): Xml =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${element('Error', children)}`;

const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  parseTagValue: false,
  trimValues: false,
  removeNSPrefix: true,
  htmlEntities: true,
  // A list of 10,000 parts has 20,000 `&quot;` around its ETags; the size of the body is what is limited.
  processEntities: {
    enabled: true,
    maxTotalExpansions: Number.POSITIVE_INFINITY,
    maxExpandedLength: Number.POSITIVE_INFINITY,
  },
});

/** Parses a request document, to be checked by a schema. @throws S3Error MalformedXML */
export function parseXml(body: string): unknown {
  if (/<!DOCTYPE/i.test(body) || XMLValidator.validate(body) !== true) throw new S3Error('MalformedXML');
  return parser.parse(body);
}
