import Box from '@mui/material/Box';
import TextField from '@mui/material/TextField';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { JobForm } from './JobForm';

const fields = [
  { key: 'k', min: 1, max: 16, step: 1 },
  { key: 'temperature', min: 0, max: 2, step: 0.1 },
  { key: 'maxOutputTokens', min: 16, max: 8192, step: 16 },
] as const;

const scopes = { all: {}, with_reference: { hasReference: true }, without_candidates: { hasCandidates: false } };

/** k samples of a model's answers to each prompt. */
export default function CandidateJobCreate() {
  const translate = useTranslate();
  const [settings, setSettings] = useState({ k: 4, temperature: 0.8, maxOutputTokens: 512 });
  return (
    <JobForm resource="candidates" suits={/doctor|chat/} scopes={scopes} settings={settings}>
      <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'repeat(auto-fit, minmax(180px, 1fr))' }}>
        {fields.map(({ key, ...bounds }) => (
          <TextField
            key={key}
            size="small"
            type="number"
            label={translate(`resources.candidates.settings.${key}`)}
            value={settings[key]}
            onChange={(event) => setSettings({ ...settings, [key]: Number(event.target.value) })}
            slotProps={{ htmlInput: bounds }}
          />
        ))}
      </Box>
    </JobForm>
  );
}
