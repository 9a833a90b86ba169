import Box from '@mui/material/Box';
import Checkbox from '@mui/material/Checkbox';
import FormControlLabel from '@mui/material/FormControlLabel';
import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import { useTranslate } from 'react-admin';
import type { EvaluationForm } from '../evaluation-model';

interface Props {
  form: EvaluationForm;
  onChange: (part: Partial<EvaluationForm>) => void;
}

/** Whether doctors judge too, how many a pair, and until when. */
export function DoctorsField({ form, onChange }: Props) {
  const translate = useTranslate();
  const words = (key: string) => translate(`resources.evaluations.${key}`);
  return (
    <Box sx={{ display: 'grid', gap: 1 }}>
      <FormControlLabel
        control={<Checkbox checked={form.doctors} onChange={(event) => onChange({ doctors: event.target.checked })} />}
        label={words('ask_doctors')}
      />
      {form.doctors && (
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
          <TextField
            select
            label={words('overlap')}
            value={form.overlap}
            onChange={(event) => onChange({ overlap: Number(event.target.value) })}
            sx={{ flex: '1 1 10em' }}
          >
            {[1, 2, 3, 4, 5].map((n) => (
              <MenuItem key={n} value={n}>
                {n}
              </MenuItem>
            ))}
          </TextField>
          <TextField
            type="date"
            label={words('deadline')}
            value={form.deadline}
            slotProps={{ inputLabel: { shrink: true } }}
            onChange={(event) => onChange({ deadline: event.target.value })}
            sx={{ flex: '1 1 10em' }}
          />
        </Box>
      )}
    </Box>
  );
}
