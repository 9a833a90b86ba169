import Box from '@mui/material/Box';
import TextField from '@mui/material/TextField';
import type { RunConfig } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { loraDefaults, numbersOf, type RunSettings, type SettingPath, valueAt } from '../run-settings';
import { faultAt, type Faults } from '../useFaults';

interface Props {
  part: Parameters<typeof numbersOf>[1];
  form: RunSettings;
  change(part: Pick<RunSettings, 'numbers'>): void;
  faults: Faults;
  /** `undefined` while it is being read. */
  preset: RunConfig | undefined;
}

/** The numbers of one part of the form, each with what it is for and what the preset says. */
export function NumberFields({ part, form, change, faults, preset }: Props) {
  const translate = useTranslate();
  const hintOf = (path: SettingPath): string => {
    const value = preset && (valueAt(preset, path) ?? valueAt(loraDefaults, path));
    // Counted from the epochs, steps are but the most there may be.
    const counted = path === 'steps' && (form.numbers.epochs?.trim() || preset?.epochs);
    const usual = value === undefined || value === null ? '' : translate('resources.runs.default_is', { value });
    const words = translate(`resources.runs.setting_hints.${counted ? 'most_steps' : path}`, { _: '' });
    return [usual, words].filter((each) => each !== '').join(translate('resources.runs.stop')) || ' ';
  };
  return (
    <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'repeat(auto-fit, minmax(min(12em, 100%), 1fr))' }}>
      {numbersOf(form.method, part).map((path) => (
        <TextField
          key={path}
          label={translate(`resources.runs.settings.${path}`)}
          value={form.numbers[path] ?? ''}
          error={faultAt(faults, path) !== undefined}
          helperText={faultAt(faults, path) ?? hintOf(path)}
          slotProps={{ htmlInput: { inputMode: 'decimal', maxLength: 12 } }}
          onChange={(event) => change({ numbers: { ...form.numbers, [path]: event.target.value } })}
        />
      ))}
    </Box>
  );
}
