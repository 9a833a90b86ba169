import { useEffect } from 'react';
import { useLocaleState, useStore } from 'react-admin';
import { personOf, type Session } from '../session/session';

/** Speaks the person's own language until they choose another on this machine, and tells the page which it is. */
export function LanguageOfPerson({ session }: { session: Session }) {
  const [locale, setLocale] = useLocaleState();
  const [chosen] = useStore<string | undefined>('locale');
  const own = personOf(session)?.language;
  useEffect(() => {
    if (own && !chosen && own !== locale) setLocale(own);
  }, [own, chosen, locale, setLocale]);
  useEffect(() => {
    document.documentElement.lang = locale;
  }, [locale]);
  return null;
}
