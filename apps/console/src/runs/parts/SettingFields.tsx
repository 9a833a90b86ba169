import Alert from '@mui/material/Alert';
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
import { mayCut, numbersOf, type Truncate, truncations } from '../run-settings';
import { faultAt, type Faults } from '../useFaults';
import { MoreSettings } from './MoreSettings';
import { NumberFields } from './NumberFields';

interface Props {
  form: RunForm;
  change(part: Partial<RunForm>): void;
  faults: Faults;
}

/** What may differ from the preset; an empty field shows what the preset says. */
export function SettingFields({ form, change, faults }: Props) {
  const translate = useTranslate();
  const { data: preset } = useQuery({
    queryKey: ['runs', 'preset', form.preset, form.method],
    queryFn: async () =>
      (await api.get<RunConfig>(projectPath('/runs/preset'), { method: form.method, preset: form.preset })).data,
  });
  return (
    <>
      <TextField
        select
        label={translate('resources.runs.preset')}
        value={form.preset}
        error={faultAt(faults, 'preset') !== undefined}
        helperText={faultAt(faults, 'preset') ?? translate(`resources.runs.presets.${form.preset}`)}
        onChange={(event) => change({ preset: event.target.value as RunForm['preset'] })}
      >
        {presetsFor(form.method).map((name) => (
          <MenuItem key={name} value={name}>
            {name}
          </MenuItem>
        ))}
      </TextField>
      <Typography sx={{ color: 'text.secondary' }}>{translate('resources.runs.only_differences')}</Typography>
      <NumberFields part="main" form={form} change={change} faults={faults} preset={preset} />
      {mayCut(form) && <TooLongField form={form} change={change} preset={preset} />}
      <MoreSettings form={form} change={change} faults={faults} preset={preset} />
      <OtherFaults form={form} faults={faults} />
    </>
  );
}

/** What becomes of what is longer than a row may be: the reason why a run most often has nothing to learn from. */
function TooLongField({ form, change, preset }: Pick<Props, 'form' | 'change'> & { preset: RunConfig | undefined }) {
  const translate = useTranslate();
  const words = (key: string) => translate(`resources.runs.${key}`);
  return (
    <TextField
      select
      label={words('settings.data.truncate')}
      value={form.truncate || preset?.data.truncate || 'drop'}
      helperText={words('setting_hints.data.truncate')}
      onChange={(event) => change({ truncate: event.target.value as Truncate })}
    >
      {truncations.map((each) => (
        <MenuItem key={each} value={each}>
          {words(`truncations.${each}`)}
        </MenuItem>
      ))}
    </TextField>
  );
}

/** What is wrong with settings that have no field here. */
function OtherFaults({ form, faults }: Pick<Props, 'form' | 'faults'>) {
  const shown = (['main', 'more', 'lora'] as const).flatMap((part): string[] => numbersOf(form.method, part));
  const own = /^(name|cron|timeZone|preset|freeze|lora\.target_modules|data\.truncate|inputs)\b/;
  const others = Object.entries(faults).filter(([path]) => !own.test(path) && !shown.includes(path));
  if (others.length === 0) return null;
  return (
    <Alert severity="error" variant="outlined">
      {others.map(([path, words]) => (
        <Box key={path}>
          {path}: {words}
        </Box>
      ))}
    </Alert>
  );
}
