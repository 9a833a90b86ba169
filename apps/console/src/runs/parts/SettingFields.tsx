import Box from '@mui/material/Box';
import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import type { RunConfig } from '@qingnang/contracts';
import { useQuery } from '@tanstack/react-query';
import { useTranslate } from 'react-admin';
import { api } from '../../providers/http';
import { projectPath } from '../../session/project';
import { presetsFor, type RunForm } from '../run-model';

/** What may differ from the preset; an empty field shows what the preset says. */
export function SettingFields({ form, change }: { form: RunForm; change(part: Partial<RunForm>): void }) {
  const translate = useTranslate();
  const { data: preset } = useQuery({
    queryKey: ['runs', 'preset', form.preset, form.method],
    queryFn: async () =>
      (await api.get<RunConfig>(projectPath('/runs/preset'), { method: form.method, preset: form.preset })).data,
  });
  const field = (name: keyof RunForm, word: string, value: number | undefined) => (
    <TextField
      key={name}
      label={translate(`resources.runs.fields.${word}`)}
      value={form[name]}
      helperText={value === undefined ? ' ' : translate('resources.runs.default_is', { value })}
      slotProps={{ htmlInput: { inputMode: 'decimal', maxLength: 12 } }}
      onChange={(event) => change({ [name]: event.target.value })}
    />
  );
  return (
    <>
      <TextField
        select
        label={translate('resources.runs.preset')}
        value={form.preset}
        helperText={translate(`resources.runs.presets.${form.preset}`)}
        onChange={(event) => change({ preset: event.target.value as RunForm['preset'] })}
      >
        {presetsFor(form.method).map((name) => (
          <MenuItem key={name} value={name}>
            {name}
          </MenuItem>
        ))}
      </TextField>
      <Typography sx={{ color: 'text.secondary' }}>{translate('resources.runs.only_differences')}</Typography>
      <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'repeat(auto-fit, minmax(12em, 1fr))' }}>
        {field('steps', 'steps', preset?.steps)}
        {field('learningRate', 'learning_rate', preset?.optimiser.learning_rate)}
        {field('batchSize', 'batch_size', preset?.batch_size)}
        {field('checkpointEvery', 'checkpoint_every', preset?.checkpoint_every)}
        {field('seed', 'seed', preset?.seed)}
      </Box>
    </>
  );
}
