import { fillSentence, importSentencesEn, importSentencesZh, type Said } from '@qingnang/contracts';

/** A sentence in the language of the terminal; null where there is none to say. */
export function inReadersLanguage(said: Said | null): string | null {
  if (said === null) return null;
  const { locale } = new Intl.DateTimeFormat().resolvedOptions();
  const sentences = locale.startsWith('zh') ? importSentencesZh : importSentencesEn;
  return fillSentence(sentences[said.say], said.facts);
}
