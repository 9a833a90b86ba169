import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import LinearProgress from '@mui/material/LinearProgress';
import Typography from '@mui/material/Typography';
import type { Upload } from '@qingnang/contracts';
import { useRef, useState, type DragEvent } from 'react';
import { useLocaleState, useTranslate } from 'react-admin';
import { ErrorState } from '../listing/ErrorState';
import { upload } from '../providers/upload';
import { projectPath } from '../session/project';
import { bytesWords } from './bytes-words';

interface Props {
  onDone: (file: File, upload: Upload) => void;
}

interface Sending {
  file: File;
  sent: number;
}

function useSending(onDone: Props['onDone']) {
  const [sending, setSending] = useState<Sending | null>(null);
  const [error, setError] = useState<unknown>(null);
  const stop = useRef<AbortController | null>(null);
  const send = async (file: File) => {
    stop.current = new AbortController();
    setError(null);
    setSending({ file, sent: 0 });
    try {
      const path = `${projectPath('/uploads')}?fileName=${encodeURIComponent(file.name)}`;
      const made = await upload<Upload>(path, file, {
        headers: { 'content-type': 'application/octet-stream' },
        signal: stop.current.signal,
        onProgress: (sent) => setSending({ file, sent }),
      });
      onDone(file, made);
    } catch (failure) {
      if (!stop.current?.signal.aborted) setError(failure);
      setSending(null);
    }
  };
  return { sending, error, send, cancel: () => stop.current?.abort() };
}

function Progress({ sending, onCancel }: { sending: Sending; onCancel: () => void }) {
  const translate = useTranslate();
  const [locale] = useLocaleState();
  const { file, sent } = sending;
  const share = file.size === 0 ? 100 : (sent / file.size) * 100;
  const key = sent < file.size ? 'sending' : 'looking';
  return (
    <Box sx={{ display: 'grid', gap: 1, width: '100%', maxWidth: 480 }}>
      <Typography>{file.name}</Typography>
      <LinearProgress
        variant={sent < file.size ? 'determinate' : 'indeterminate'}
        value={share}
        aria-label={translate('resources.imports.sending', { sent: '', total: '' })}
      />
      <Typography variant="body2" role="status" sx={{ color: 'text.secondary' }}>
        {translate(`resources.imports.${key}`, {
          sent: bytesWords(sent, locale),
          total: bytesWords(file.size, locale),
        })}
      </Typography>
      <Button onClick={onCancel} sx={{ justifySelf: 'center' }}>
        {translate('ra.action.cancel')}
      </Button>
    </Box>
  );
}

/** Choose a file, or drop one; it streams up with its progress shown. */
export function FileStep({ onDone }: Props) {
  const translate = useTranslate();
  const [over, setOver] = useState(false);
  const { sending, error, send, cancel } = useSending(onDone);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file && !sending) void send(file);
  };
  return (
    <Box sx={{ display: 'grid', gap: 2 }}>
      {Boolean(error) && <ErrorState error={error} />}
      <Box
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
        sx={{
          display: 'grid',
          justifyItems: 'center',
          gap: 1.5,
          py: 6,
          px: 2,
          textAlign: 'center',
          border: '2px dashed',
          borderColor: over ? 'primary.main' : 'divider',
          borderRadius: 1,
          bgcolor: over ? 'primary.light' : 'background.paper',
        }}
      >
        {sending ? (
          <Progress sending={sending} onCancel={cancel} />
        ) : (
          <>
            <Button variant="contained" component="label">
              {translate('resources.imports.choose')}
              <input
                type="file"
                hidden
                accept=".csv,.tsv,.txt,.json,.jsonl"
                onChange={(event) => event.target.files?.[0] && void send(event.target.files[0])}
              />
            </Button>
            <Typography sx={{ color: 'text.secondary', maxWidth: '36em' }}>
              {translate('resources.imports.choose_hint')}
            </Typography>
          </>
        )}
      </Box>
    </Box>
  );
}
