import Autocomplete from '@mui/material/Autocomplete';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import { useTranslate } from 'react-admin';
import { Section } from '../components/Section';
import { InputFields } from '../runs/parts/InputFields';
import { MethodField } from '../runs/parts/MethodField';
import { SettingFields } from '../runs/parts/SettingFields';
import { presetsFor } from '../runs/run-model';
import type { Faults } from '../runs/useFaults';
import { NextTimes } from './NextTimes';
import { type HowOften, howOften, type ScheduleForm, usualTimes } from './schedule-model';

interface Props {
  form: ScheduleForm;
  change(part: Partial<ScheduleForm>): void;
  faults: Faults;
  /** The one button. */
  action: string;
  ready: boolean;
  onSubmit(): void;
}

const zones: string[] = Intl.supportedValuesOf('timeZone');

function WhenFields({ form, change }: Pick<Props, 'form' | 'change'>) {
  const translate = useTranslate();
  const words = (key: string) => translate(`resources.schedules.${key}`);
  const often = howOften(form.cron);
  return (
    <>
      <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'repeat(auto-fit, minmax(15em, 1fr))' }}>
        <TextField
          select
          label={words('how_often')}
          value={often}
          onChange={(event) => {
            const chosen = event.target.value as HowOften;
            if (chosen !== 'own') change({ cron: usualTimes[chosen] });
          }}
        >
          {[...Object.keys(usualTimes), 'own'].map((each) => (
            // One's own is what the field beside holds; it is not chosen but written.
            <MenuItem key={each} value={each} disabled={each === 'own' && often !== 'own'}>
              {words(`often.${each}`)}
            </MenuItem>
          ))}
        </TextField>
        <TextField
          label={words('fields.cron')}
          value={form.cron}
          helperText={words('cron_hint')}
          slotProps={{ htmlInput: { maxLength: 100, spellCheck: false, autoCapitalize: 'off' } }}
          onChange={(event) => change({ cron: event.target.value })}
        />
        <Autocomplete
          freeSolo
          autoSelect
          options={zones}
          value={form.timeZone}
          onChange={(_, zone) => change({ timeZone: zone ?? '' })}
          renderInput={(params) => <TextField {...params} label={words('fields.timeZone')} />}
        />
      </Box>
      <NextTimes cron={form.cron} timeZone={form.timeZone} />
    </>
  );
}

/** What to train, from what, how and when. */
export function ScheduleFields({ form, change, faults, action, ready, onSubmit }: Props) {
  const translate = useTranslate();
  const words = (key: string) => translate(`resources.schedules.${key}`);
  return (
    <>
      <Section title={words('step_what')}>
        <TextField
          required
          label={words('fields.name')}
          value={form.name}
          error={faults.name !== undefined}
          helperText={faults.name}
          slotProps={{ htmlInput: { maxLength: 100 } }}
          onChange={(event) => change({ name: event.target.value })}
        />
        <MethodField
          value={form.method}
          onChange={(method) => change({ method, preset: presetsFor(method)[0]!, data: '', policy: '', reward: '' })}
        />
      </Section>
      <Section title={words('step_inputs')}>
        <InputFields byName form={form} change={change} faults={faults} />
      </Section>
      <Section title={words('step_settings')}>
        <SettingFields form={form} change={change} faults={faults} />
      </Section>
      <Section title={words('step_when')}>
        <WhenFields form={form} change={change} />
        <Button variant="contained" disabled={!ready} onClick={onSubmit} sx={{ justifySelf: 'start' }}>
          {action}
        </Button>
      </Section>
    </>
  );
}
