import Button from '@mui/material/Button';
import InputAdornment from '@mui/material/InputAdornment';
import TextField from '@mui/material/TextField';
import { useState } from 'react';
import { useTranslate } from 'react-admin';

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** For password managers. */
  kind: 'current-password' | 'new-password';
  error?: string;
  hint?: string;
}

export function PasswordField({ label, value, onChange, kind, error, hint }: Props) {
  const translate = useTranslate();
  const [shown, setShown] = useState(false);
  return (
    <TextField
      label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      type={shown ? 'text' : 'password'}
      autoComplete={kind}
      error={error !== undefined}
      helperText={error ?? hint}
      required
      fullWidth
      slotProps={{
        inputLabel: { required: false },
        input: {
          endAdornment: (
            <InputAdornment position="end">
              <Button size="small" onClick={() => setShown(!shown)} sx={{ minWidth: 0 }}>
                {translate(shown ? 'auth.hide_password' : 'auth.show_password')}
              </Button>
            </InputAdornment>
          ),
        },
      }}
    />
  );
}
