import { DomainError } from '@qingnang/kernel';

const PLACE = /\{\{\s*([a-z_][a-z0-9_]*)\s*\}\}/g;

/** Names of the `{{variables}}` of a text, each once, in order. */
export function variablesOf(...texts: string[]): string[] {
  return [...new Set(texts.flatMap((text) => [...text.matchAll(PLACE)].map((match) => match[1]!)))];
}

/**
 * Fills a template's places. Values are put in as they are and never read again, so text that holds `{{…}}` stays text.
 * @throws DomainError `prompt.variable_missing` (422)
 */
export function renderTemplate(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(PLACE, (_place, name: string) => {
    const value = values[name];
    if (value === undefined) {
      throw new DomainError({
        code: 'prompt.variable_missing',
        status: 422,
        detail: `This template asks for {{${name}}}, which this purpose does not offer.`,
        details: { variable: name, offered: Object.keys(values) },
      });
    }
    return value;
  });
}
