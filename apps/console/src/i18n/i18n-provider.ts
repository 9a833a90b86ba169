import polyglotI18nProvider from 'ra-i18n-polyglot';
import type { I18nProvider, TranslationMessages } from 'ra-core';
import { describeProblemsWith } from '../providers/api-error';

export const locales = [
  { locale: 'zh-CN', name: '中文' },
  { locale: 'en', name: 'English' },
];

/** A browser reads the words of the language that is shown, and of the other when it is chosen. */
const loaders: Record<string, () => Promise<TranslationMessages>> = {
  'zh-CN': async () => (await import('./words-zh')).zh,
  en: async () => (await import('./words-en')).en,
};

/** The language of the first visit; afterwards react-admin's store remembers the choice. */
export function firstLanguage(wanted: readonly string[] = navigator.languages): string {
  const known = wanted.find((tag) => /^(zh|en)\b/i.test(tag));
  return known?.toLowerCase().startsWith('en') ? 'en' : 'zh-CN';
}

/** Speaks that language from the start: its words are there when this settles. */
export async function openI18nProvider(language: string): Promise<I18nProvider> {
  const first = loaders[language] ? language : firstLanguage();
  const words = await loaders[first]!();
  const provider = polyglotI18nProvider((locale) => (locale === first ? words : loaders[locale]!()), first, locales, {
    allowMissing: true,
  });
  describeProblemsWith((problem, status) => {
    const key = `errors.${problem.code ?? `http_${status}`}`;
    // Whatever cannot be found is said the same way.
    const general = problem.code?.endsWith('.not_found') ? provider.translate('errors.not_found') : undefined;
    const fallback = general ?? problem.detail ?? problem.title ?? provider.translate('errors.unknown');
    return provider.translate(key, { _: fallback });
  });
  return provider;
}
