import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import type { ListReply, RecordFacets, RecordFilter, Source } from '@qingnang/contracts';
import { useQuery } from '@tanstack/react-query';
import { useTranslate } from 'react-admin';
import { ManyOf } from '../../components/ManyOf';
import { ErrorState } from '../../listing/ErrorState';
import { RowsSkeleton } from '../../listing/RowsSkeleton';
import { api } from '../../providers/http';
import { projectPath } from '../../session/project';

interface Props {
  filter: RecordFilter;
  onFilter(filter: RecordFilter): void;
}

function useFilterChoices() {
  const facets = useQuery({
    queryKey: ['records', 'facets', 'snapshot'],
    queryFn: async ({ signal }) => (await api.get<RecordFacets>(projectPath('/records/facets'), {}, { signal })).data,
  });
  const sources = useQuery({
    queryKey: ['sources', 'choices', 'snapshot'],
    queryFn: async ({ signal }) =>
      (await api.get<ListReply<Source>>(projectPath('/sources'), { perPage: 200 }, { signal })).data.items,
  });
  return { facets, sources };
}

/** Which records the snapshot is taken from. */
export function RecordFields({ filter, onFilter }: Props) {
  const translate = useTranslate();
  const words = (key: string) => translate(`resources.snapshots.${key}`);
  const { facets, sources } = useFilterChoices();
  const error = facets.error ?? sources.error;
  if (error)
    return <ErrorState error={error} onRetry={() => void Promise.all([facets.refetch(), sources.refetch()])} />;
  if (!facets.data || !sources.data) return <RowsSkeleton rows={4} />;
  return (
    <>
      <ManyOf
        label={`${words('fields.dataSet')} · ${words('all_records')}`}
        choices={facets.data.dataSets.map(({ value, count }) => ({
          value,
          label: `${translate(`resources.records.data_sets.${value}`, { _: value })} (${count})`,
        }))}
        values={filter.dataSet ?? []}
        onChange={(dataSet) => onFilter({ ...filter, dataSet: dataSet as RecordFilter['dataSet'] })}
      />
      <ManyOf
        label={words('fields.department')}
        choices={facets.data.departments.flatMap(({ value, count }) =>
          value === null ? [] : [{ value, label: `${value} (${count})` }],
        )}
        values={filter.department ?? []}
        onChange={(department) => onFilter({ ...filter, department })}
      />
      <ManyOf
        label={words('fields.source')}
        choices={sources.data.map(({ id, name }) => ({ value: id, label: name }))}
        values={filter.sourceId ?? []}
        onChange={(sourceId) => onFilter({ ...filter, sourceId })}
      />
      <TextField
        select
        label={words('fields.language')}
        value={filter.language ?? ''}
        onChange={(event) => onFilter({ ...filter, language: (event.target.value || undefined) as 'zh' | undefined })}
      >
        <MenuItem value="">{words('any_language')}</MenuItem>
        <MenuItem value="zh">{words('languages.zh')}</MenuItem>
        <MenuItem value="en">{words('languages.en')}</MenuItem>
      </TextField>
      <TextField
        label={words('fields.text')}
        value={filter.text ?? ''}
        onChange={(event) => onFilter({ ...filter, text: event.target.value })}
      />
    </>
  );
}
