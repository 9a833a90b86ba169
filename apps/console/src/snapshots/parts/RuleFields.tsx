import Box from '@mui/material/Box';
import Checkbox from '@mui/material/Checkbox';
import FormControlLabel from '@mui/material/FormControlLabel';
import FormHelperText from '@mui/material/FormHelperText';
import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import { useTranslate } from 'react-admin';
import { percent, sharesOf, type SnapshotForm } from '../snapshot-model';

interface Props {
  form: SnapshotForm;
  change(part: Partial<SnapshotForm>): void;
}

/** Shares of the splits, least margin of a pair, and whether rehearsal text comes in. */
export function RuleFields({ form, change }: Props) {
  const translate = useTranslate();
  const words = (key: string, values?: object) => translate(`resources.snapshots.${key}`, values);
  const shares = sharesOf(form);
  const number = (key: 'validation' | 'test' | 'minMargin', error: boolean) => (
    <TextField
      type="number"
      label={words(`fields.${key}`)}
      value={form[key]}
      error={error}
      helperText={key === 'minMargin' ? words('min_margin_hint') : undefined}
      slotProps={{ htmlInput: { min: 0, max: 100, step: 'any' } }}
      onChange={(event) => change({ [key]: event.target.value })}
    />
  );
  return (
    <>
      <div>
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2 }}>
          {number('validation', shares === null)}
          {number('test', shares === null)}
        </Box>
        <FormHelperText error={shares === null}>
          {shares ? words('shares_hint', { train: percent(shares.train) }) : words('shares_bad')}
        </FormHelperText>
      </div>
      {form.kind === 'sft' && (
        <TextField
          select
          label={words('fields.how')}
          value={form.how}
          helperText={words('how_hint')}
          slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
          onChange={(event) => change({ how: event.target.value as SnapshotForm['how'] })}
        >
          {(['', 'reviewed', 'by_rule'] as const).map((how) => (
            <MenuItem key={how} value={how}>
              {words(`hows.${how || 'any'}`)}
            </MenuItem>
          ))}
        </TextField>
      )}
      {form.kind === 'preference' && number('minMargin', !(Number(form.minMargin) >= 0))}
      <div>
        <FormControlLabel
          control={
            <Checkbox
              checked={form.includeRehearsal}
              onChange={(event) => change({ includeRehearsal: event.target.checked })}
              slotProps={{ input: { 'aria-describedby': 'include-rehearsal-hint' } }}
            />
          }
          label={words('include_rehearsal')}
        />
        <FormHelperText id="include-rehearsal-hint">{words('include_rehearsal_hint')}</FormHelperText>
      </div>
    </>
  );
}
