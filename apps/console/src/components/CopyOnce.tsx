import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import { useRef, useState } from 'react';
import { useTranslate } from 'react-admin';

/** A secret or link that is shown one time only, ready to be copied. */
export function CopyOnce({ label, value }: { label: string; value: string }) {
  const translate = useTranslate();
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);

  // The clipboard exists only on https and localhost; elsewhere the text is selected for the person's own copy.
  const copy = async () => {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(value);
      setCopied(true);
    } catch {
      setCopied(false);
    }
  };

  return (
    <Box sx={{ display: 'flex', gap: 1, alignItems: 'center', flexWrap: 'wrap' }}>
      <TextField
        label={label}
        value={value}
        inputRef={field}
        onFocus={() => field.current?.select()}
        slotProps={{ htmlInput: { readOnly: true, style: { fontFamily: 'monospace' } } }}
        sx={{ flex: '1 1 18em' }}
      />
      <Button variant="outlined" onClick={() => void copy()}>
        {translate(copied ? 'piece.copied' : 'piece.copy')}
      </Button>
    </Box>
  );
}
