import Checkbox from '@mui/material/Checkbox';
import FormControlLabel from '@mui/material/FormControlLabel';
import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import type { PolishSettings, RecordFacets, RecordFilter } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { ManyOf } from '../components/ManyOf';
import type { PolishForm } from './polish-form';

interface Props {
  facets: RecordFacets | undefined;
  form: Pick<PolishForm, 'filter' | 'settings'>;
  onChange(part: Partial<PolishForm>): void;
}

/** Which records, from which of their texts. */
export function RecordChoice({ facets, form: { filter, settings }, onChange }: Props) {
  const onFilter = (next: RecordFilter) => onChange({ filter: next });
  const onSettings = (next: PolishSettings) => onChange({ settings: next });
  const translate = useTranslate();
  const words = (key: string) => translate(`resources.llm-jobs.${key}`);
  const counted = (rows: { value: string | null; count: number }[] | undefined, label: (value: string) => string) =>
    (rows ?? []).flatMap(({ value, count }) =>
      value === null ? [] : [{ value, label: `${label(value)} (${count})` }],
    );
  const check = (key: 'skipPolished' | 'again', label: string) => (
    <FormControlLabel
      control={
        <Checkbox
          checked={settings[key]}
          onChange={(event) => onSettings({ ...settings, [key]: event.target.checked })}
        />
      }
      label={words(label)}
    />
  );
  return (
    <>
      <ManyOf
        label={`${words('fields.dataSet')} · ${words('all_records')}`}
        choices={counted(facets?.dataSets, (value) => translate(`resources.records.data_sets.${value}`, { _: value }))}
        values={filter.dataSet ?? []}
        onChange={(dataSet) => onFilter({ ...filter, dataSet: dataSet as RecordFilter['dataSet'] })}
      />
      <ManyOf
        label={words('fields.department')}
        choices={counted(facets?.departments, (value) => value)}
        values={filter.department ?? []}
        onChange={(department) => onFilter({ ...filter, department })}
      />
      <TextField
        size="small"
        label={words('fields.text')}
        value={filter.text ?? ''}
        onChange={(event) => onFilter({ ...filter, text: event.target.value })}
      />
      <TextField
        select
        size="small"
        label={words('from')}
        value={settings.from}
        onChange={(event) => onSettings({ ...settings, from: event.target.value as PolishSettings['from'] })}
      >
        <MenuItem value="original">{words('from_original')}</MenuItem>
        <MenuItem value="approved">{words('from_approved')}</MenuItem>
      </TextField>
      <div>
        {check('skipPolished', 'skip_polished')}
        {check('again', 'again')}
      </div>
    </>
  );
}
