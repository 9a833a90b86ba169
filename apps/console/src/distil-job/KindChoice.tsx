import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import type { DistilSettings } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import type { DistilForm } from './distil-form';

interface Props {
  form: DistilForm;
  onChange(part: Partial<DistilForm>): void;
}

/** What is to be made, how many, in which language. */
export function KindChoice({ form, onChange }: Props) {
  const translate = useTranslate();
  const words = (key: string) => translate(`resources.llm-jobs.distil.${key}`);
  const { settings } = form;
  const change = (part: Partial<DistilSettings>) => onChange({ settings: { ...settings, ...part } });
  return (
    <>
      <TextField
        select
        size="small"
        label={words('kind')}
        helperText={words(`${settings.kind}_hint`)}
        value={settings.kind}
        onChange={(event) => change({ kind: event.target.value as DistilSettings['kind'] })}
      >
        <MenuItem value="triplets">{words('triplets')}</MenuItem>
        <MenuItem value="dialogues">{words('dialogues')}</MenuItem>
      </TextField>
      <TextField
        size="small"
        type="number"
        label={words('count')}
        value={form.count}
        onChange={(event) => onChange({ count: event.target.value })}
        slotProps={{ htmlInput: { min: 1, max: 10_000 } }}
      />
      <TextField
        size="small"
        label={words('department')}
        helperText={words('department_hint')}
        value={settings.department}
        onChange={(event) => change({ department: event.target.value })}
      />
      <TextField
        select
        size="small"
        label={words('language')}
        value={settings.language}
        onChange={(event) => change({ language: event.target.value as DistilSettings['language'] })}
      >
        <MenuItem value="zh">{words('zh')}</MenuItem>
        <MenuItem value="en">{words('en')}</MenuItem>
      </TextField>
      {settings.kind === 'dialogues' && (
        <TextField
          select
          size="small"
          label={words('rounds')}
          value={settings.rounds}
          onChange={(event) => change({ rounds: Number(event.target.value) })}
        >
          {Array.from({ length: 10 }, (_, i) => (
            <MenuItem key={i} value={i + 1}>
              {i + 1}
            </MenuItem>
          ))}
        </TextField>
      )}
    </>
  );
}
