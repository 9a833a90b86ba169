import { useLocaleState, useTranslate } from 'react-admin';
import { fullWhen, whenWords } from './number-words';

/** A moment as people say it, in full on hover. Nothing is drawn for none. */
export function When({ at }: { at: string | Date | null | undefined }) {
  const [locale] = useLocaleState();
  const translate = useTranslate();
  if (!at) return null;
  const date = typeof at === 'string' ? new Date(at) : at;
  return (
    <time dateTime={date.toISOString()} title={fullWhen(date, locale)}>
      {whenWords(date, new Date(), locale, translate)}
    </time>
  );
}
