import type { Said } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';

/** Says in the reader's language what the reading of a file had to say; `kept` is the stored English of older rows. */
export function useSayImport(): (said: Said | null | undefined, kept: string) => string {
  const translate = useTranslate();
  return (said, kept) => {
    if (!said) return kept;
    const { role } = said.facts;
    // A role of a column has a name in the reader's language, too.
    const facts =
      role === undefined ? said.facts : { ...said.facts, role: translate(`resources.imports.columns.${role}`) };
    return translate(`resources.imports.sentences.${said.say}`, { ...facts, _: kept });
  };
}
