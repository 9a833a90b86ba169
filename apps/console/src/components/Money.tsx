import { useLocaleState } from 'react-admin';
import { moneyWords } from './number-words';

interface Props {
  /** In whole units of the currency; a decimal string keeps what a float would lose on the way. */
  amount: number | string;
  /** ISO 4217. */
  currency: string;
}

export function Money({ amount, currency }: Props) {
  const [locale] = useLocaleState();
  return <span title={`${amount} ${currency}`}>{moneyWords(Number(amount), currency, locale)}</span>;
}
