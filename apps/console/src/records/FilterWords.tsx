import type { Source } from '@qingnang/contracts';
import { useGetMany, useTranslate } from 'react-admin';

/** Where the words of a condition's values are, unless under its own name among those of records. */
const wordsOf: Record<string, string> = {
  dataSet: 'records.data_sets',
  state: 'records.states',
  allowedUse: 'sources.uses',
  language: 'sources.languages',
};

interface Props {
  filter: Record<string, unknown>;
  /** Key of a sentence that takes them as `%{words}`. */
  sentence?: string;
}

/** Conditions over records, in the words of the filter. */
export function FilterWords({ filter, sentence }: Props) {
  const translate = useTranslate();
  const sourceIds = [filter.sourceId ?? []].flat() as string[];
  const { data: sources } = useGetMany<Source>('sources', { ids: sourceIds }, { enabled: sourceIds.length > 0 });
  const nameOf = (id: string) => sources?.find((source) => source?.id === id)?.name ?? '…';
  const said = (name: string, value: unknown) => {
    const word = typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
    if (name === 'sourceId') return nameOf(word);
    return translate(`resources.${wordsOf[name] ?? `records.${name}`}.${word}`, { _: word });
  };
  const conditions = Object.entries(filter).map(([name, value]) => {
    const values = [value].flat();
    if (name === 'ids') return translate('resources.records.condition_ids', { n: values.length });
    if (name === 'importId') return translate('resources.records.condition_import');
    const label = translate(`resources.records.fields.${name}`, { _: name });
    return translate('resources.records.condition', {
      label,
      words: values.map((each) => said(name, each)).join(' / '),
    });
  });
  const words = conditions.length === 0 ? translate('resources.records.all') : conditions.join(' · ');
  return <span>{sentence ? translate(sentence, { words }) : words}</span>;
}
