import Box from '@mui/material/Box';
import FormControlLabel from '@mui/material/FormControlLabel';
import FormHelperText from '@mui/material/FormHelperText';
import Radio from '@mui/material/Radio';
import RadioGroup from '@mui/material/RadioGroup';
import type { RunMethod } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { methods } from '../run-model';

/** What to train, each method with a sentence. */
export function MethodField({ value, onChange }: { value: RunMethod; onChange(method: RunMethod): void }) {
  const translate = useTranslate();
  return (
    <RadioGroup
      aria-label={translate('resources.runs.fields.method')}
      value={value}
      onChange={(event) => onChange(event.target.value as RunMethod)}
    >
      {methods.map((method) => (
        <Box key={method}>
          <FormControlLabel
            value={method}
            control={<Radio size="small" />}
            label={translate(`resources.runs.methods.${method}`)}
          />
          <FormHelperText sx={{ mt: -0.5, ml: 4 }}>{translate(`resources.runs.method_hints.${method}`)}</FormHelperText>
        </Box>
      ))}
    </RadioGroup>
  );
}
