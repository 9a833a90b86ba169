import TextField from '@mui/material/TextField';
import { useTranslate } from 'react-admin';

interface Props {
  value: string;
  onChange: (login: string) => void;
  autoFocus?: boolean;
}

/** The name one signs in by: no capitals put in front, nothing underlined. */
export function LoginField({ value, onChange, autoFocus = false }: Props) {
  const translate = useTranslate();
  return (
    <TextField
      label={translate('auth.login')}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      autoComplete="username"
      autoFocus={autoFocus}
      fullWidth
      slotProps={{ htmlInput: { autoCapitalize: 'none', spellCheck: false } }}
    />
  );
}
