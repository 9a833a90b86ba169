import { snapshotSelection, type SnapshotDetail, type SnapshotSelection } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { percent } from '../snapshot-model';
import { FactList } from '../../components/FactList';
import { Section } from '../../components/Section';

type Line = [label: string, value: string];

function useLines(kind: string, { filter, splits, minMargin, includeRehearsal, how }: SnapshotSelection): Line[] {
  const translate = useTranslate();
  const words = (key: string) => translate(`resources.snapshots.${key}`);
  const dataSet = (value: string) => translate(`resources.records.data_sets.${value}`, { _: value });
  const language = (value: string) => translate(`resources.snapshots.languages.${value}`, { _: value });
  // A filter may come from a program, with fields that the form here does not offer.
  const filters = Object.entries(filter).map(([key, value]): Line => {
    const values = (Array.isArray(value) ? value : [value]).map(String);
    const wordOf: Record<string, (value: string) => string> = { dataSet, language };
    const shown = values.map((value) => wordOf[key]?.(value) ?? value);
    return [translate(`resources.snapshots.fields.${key}`, { _: key }), shown.join('、')];
  });
  return [
    ...(filters.length > 0 ? filters : ([[words('fields.record'), words('chosen_all')]] as Line[])),
    [
      words('fields.splits'),
      (['train', 'validation', 'test'] as const)
        .map((name) => `${words(`splits.${name}`)} ${percent(splits[name])} %`)
        .join(' · '),
    ],
    ...(kind === 'preference' ? ([[words('fields.minMargin'), String(minMargin)]] as Line[]) : []),
    ...(how ? ([[words('fields.how'), words(`hows.${how}`)]] as Line[]) : []),
    [words('fields.includeRehearsal'), words(includeRehearsal ? 'yes' : 'no')],
  ];
}

/** What was asked for. */
export function Selection({ snapshot }: { snapshot: SnapshotDetail }) {
  const translate = useTranslate();
  const lines = useLines(snapshot.kind, snapshotSelection.parse(snapshot.selection));
  return (
    <Section title={translate('resources.snapshots.chosen')}>
      <FactList facts={lines} />
    </Section>
  );
}
