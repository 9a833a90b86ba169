import { useLocaleState } from 'react-admin';
import { shortCount } from './number-words';

/** A count, short when large, exact on hover. */
export function Count({ value }: { value: number }) {
  const [locale] = useLocaleState();
  const short = shortCount(value, locale);
  const exact = value.toLocaleString('en-US');
  return short === exact ? <span>{short}</span> : <span title={exact}>{short}</span>;
}
