import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import type { ReactNode } from 'react';
import { useTranslate } from 'react-admin';
import type { Chosen } from '../evaluation-model';

interface Props<T> {
  label: string;
  chosen: readonly Chosen<T>[];
  choices: readonly Chosen<T>[] | undefined;
  none?: string;
  onChange: (chosen: Chosen<T>[]) => void;
  /** Other ways to add one. */
  children?: ReactNode;
}

/** What was chosen, a line each with its number, and a field that adds the next. */
export function ChosenList<T>({ label, chosen, choices, none, onChange, children }: Props<T>) {
  const translate = useTranslate();
  const told = chosen.map(({ value }) => JSON.stringify(value));
  const left = choices?.filter(({ value }) => !told.includes(JSON.stringify(value))) ?? [];
  return (
    <Box sx={{ display: 'grid', gap: 1 }}>
      <Box component="ol" sx={{ m: 0, pl: 3 }}>
        {chosen.map((each, index) => (
          <li key={`${each.label} ${index}`}>
            <Box sx={{ display: 'flex', gap: 1, alignItems: 'center' }}>
              <Typography sx={{ flex: 1, overflowWrap: 'anywhere' }}>{each.label}</Typography>
              <Button onClick={() => onChange(chosen.filter((_, i) => i !== index))}>
                {translate('resources.evaluations.remove')}
              </Button>
            </Box>
          </li>
        ))}
      </Box>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'start' }}>
        <TextField
          select
          label={label}
          value=""
          helperText={choices?.length === 0 ? none : undefined}
          onChange={(event) => onChange([...chosen, left[Number(event.target.value)]!])}
          sx={{ flex: '1 1 16em' }}
        >
          {left.map((choice, index) => (
            <MenuItem key={choice.label} value={String(index)}>
              {choice.label}
            </MenuItem>
          ))}
        </TextField>
        {children}
      </Box>
    </Box>
  );
}
