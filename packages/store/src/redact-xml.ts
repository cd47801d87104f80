import { isSecretField } from './redact-names.ts';
import type { ReplaceNamed } from './redact-prose.ts';
import { respell, XML_SPELLING } from './respell.ts';

export interface XmlOptions {
  readonly replaceNamed: ReplaceNamed;
  /** Replaces what is secret in a text without a secret name. */
  readonly redactText: (plain: string, isCode: boolean) => string;
}

const CDATA = '<![CDATA[';
const CDATA_END = ']]>';
const TAG_NAME = /^<\/?([A-Za-z_][\w.:-]{0,120})/;
const ATTRIBUTE = /([\w.:-]{1,100})(\s{0,10}=\s{0,10})("[^"]*"|'[^']*')/g;

/** `wsse:Password` is `Password`. */
function localName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}

class XmlRedactor {
  readonly #options: XmlOptions;
  #element = '';

  constructor(options: XmlOptions) {
    this.#options = options;
  }

  run(xml: string): string {
    let out = '';
    let at = 0;
    while (at < xml.length) {
      const { end, isTag, open, close } = nextPiece(xml, at);
      const piece = xml.slice(at + open.length, end - close.length);
      out += open + (isTag ? this.#tag(piece) : this.#content(piece, open === '')) + close;
      at = end;
    }
    return out;
  }

  #content(raw: string, isEscaped: boolean): string {
    if (raw.trim() === '') return raw;
    if (!isEscaped) return this.#plain(raw);
    return respell(raw, XML_SPELLING, (plain) => this.#plain(plain));
  }

  #plain(text: string): string {
    const name = this.#element;
    if (!isSecretField(name))
      return this.#options.redactText(text, /^(?:script|style)$/i.test(name));
    const value = text.trim();
    const start = text.indexOf(value);
    const changed = this.#options.replaceNamed(name, value);
    return text.slice(0, start) + changed + text.slice(start + value.length);
  }

  #tag(tag: string): string {
    const [, name] = TAG_NAME.exec(tag) ?? [];
    // A comment or an instruction.
    if (name === undefined) return this.#options.redactText(tag, false);
    this.#element = tag.startsWith('</') || tag.endsWith('/>') ? '' : localName(name);
    if (!tag.includes('=')) return tag;
    const labels = /\b(?:name|id|property)\s{0,10}=\s{0,10}["']([^"']{1,100})["']/i.exec(tag);
    const isOfSecret = labels !== null && isSecretField(labels[1] ?? '');
    return tag.replace(ATTRIBUTE, (_, attribute: string, equals: string, quoted: string) => {
      const local = localName(attribute);
      const isValue = isOfSecret && /^(?:value|content)$/i.test(local);
      const change = (plain: string): string => {
        if (isValue || isSecretField(local)) return this.#options.replaceNamed(local, plain);
        return this.#options.redactText(plain, /^on/i.test(local));
      };
      const mark = quoted.charAt(0);
      return attribute + equals + mark + respell(quoted.slice(1, -1), XML_SPELLING, change) + mark;
    });
  }
}

interface XmlPiece {
  readonly end: number;
  readonly isTag: boolean;
  readonly open: string;
  readonly close: string;
}

/** The tag, CDATA section or run of text at a place. What is cut ends with the text. */
function nextPiece(xml: string, at: number): XmlPiece {
  if (xml.startsWith(CDATA, at)) {
    const close = xml.indexOf(CDATA_END, at);
    if (close === -1) return { end: xml.length, isTag: false, open: CDATA, close: '' };
    return { end: close + CDATA_END.length, isTag: false, open: CDATA, close: CDATA_END };
  }
  if (xml[at] !== '<') {
    const end = xml.indexOf('<', at);
    return { end: end === -1 ? xml.length : end, isTag: false, open: '', close: '' };
  }
  const close = xml.indexOf('>', at);
  return { end: close === -1 ? xml.length : close + 1, isTag: true, open: '', close: '' };
}

/**
 * Replaces the text of elements and the values of attributes with secret names (namespaces aside),
 * and what is secret by its looks anywhere else. Also takes HTML, and what is cut or no XML at all.
 */
export function redactXml(xml: string, options: XmlOptions): string {
  return new XmlRedactor(options).run(xml);
}
