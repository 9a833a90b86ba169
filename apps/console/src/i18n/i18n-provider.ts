import polyglotI18nProvider from 'ra-i18n-polyglot';
import type { I18nProvider, TranslationMessages } from 'ra-core';
import { describeProblemsWith } from '../providers/api-error';
import { en, zh } from './registry';

export const locales = [
  { locale: 'zh-CN', name: '中文' },
  { locale: 'en', name: 'English' },
];

const messages: Record<string, TranslationMessages> = { 'zh-CN': zh, en };

/** The language of the first visit; afterwards react-admin's store remembers the choice. */
export function firstLanguage(wanted: readonly string[] = navigator.languages): string {
  const known = wanted.find((tag) => /^(zh|en)\b/i.test(tag));
  return known?.toLowerCase().startsWith('en') ? 'en' : 'zh-CN';
}

function build(): I18nProvider {
  const provider = polyglotI18nProvider((locale) => messages[locale] ?? zh, firstLanguage(), locales, {
    allowMissing: true,
  });
  describeProblemsWith((problem, status) => {
    const key = `errors.${problem.code ?? `http_${status}`}`;
    const fallback = problem.detail ?? problem.title ?? provider.translate('errors.unknown');
    return provider.translate(key, { _: fallback });
  });
  return provider;
}

export const i18nProvider = build();
