import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import { useState, type KeyboardEvent } from 'react';
import { useTranslate } from 'react-admin';

interface Props {
  busy: boolean;
  /** Whether the message was taken; otherwise it stays in the field. */
  onSend(text: string): Promise<boolean>;
  onStop(): void;
}

/** The field for the next message; Ctrl+Enter sends, never while an input method composes. */
export function Composer({ busy, onSend, onStop }: Props) {
  const translate = useTranslate();
  const words = (key: string) => translate(`resources.chat.${key}`);
  const [text, setText] = useState('');
  const send = async () => {
    const message = text.trim();
    if (message === '' || busy) return;
    setText('');
    if (!(await onSend(message))) setText(message);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void send();
  };
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'flex-start' }}>
      <TextField
        label={words('ask')}
        value={text}
        multiline
        minRows={2}
        maxRows={8}
        helperText={words('key_hint')}
        slotProps={{ htmlInput: { maxLength: 20_000 } }}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        sx={{ flex: '1 1 20em' }}
      />
      {busy ? (
        <Button onClick={onStop}>{words('stop')}</Button>
      ) : (
        <Button variant="contained" disabled={text.trim() === ''} onClick={() => void send()}>
          {words('send')}
        </Button>
      )}
    </Box>
  );
}
