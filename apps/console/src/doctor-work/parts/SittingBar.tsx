import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { useTranslate } from 'react-admin';
import type { ApiError } from '../../providers/api-error';
import { LossNotice } from '../../sitting/LossNotice';

interface Props {
  submitWord: string;
  ready: boolean;
  busy: boolean;
  failure: ApiError | null;
  /** The slot is no longer mine. */
  lost: ApiError | null;
  onSubmit: () => void;
  onSkip: () => void;
  onGoOn: () => void;
}

/** One primary button, 48 pixels high; what went wrong stands above it. */
export function SittingBar({ submitWord, ready, busy, failure, lost, onSubmit, onSkip, onGoOn }: Props) {
  const translate = useTranslate();
  const words = (key: string) => translate(`resources.sitting.${key}`);
  if (lost) return <LossNotice lost={lost} busy={busy} onGoOn={onGoOn} />;
  return (
    <Box sx={{ display: 'grid', gap: 1 }}>
      {failure && (
        <Alert severity="error" variant="outlined">
          {failure.detail} {words('still_here')}
        </Alert>
      )}
      <Box sx={{ display: 'flex', gap: 1 }}>
        <Button
          variant="contained"
          size="large"
          disabled={!ready || busy}
          onClick={onSubmit}
          aria-keyshortcuts="Control+Enter"
          sx={{ flex: 1, minHeight: 48 }}
        >
          {submitWord}
          <Keys>Ctrl+⏎</Keys>
        </Button>
        <Button size="large" disabled={busy} onClick={onSkip} aria-keyshortcuts="Alt+S" sx={{ minHeight: 48 }}>
          {translate('resources.doctor-work.skip')}
          <Keys>Alt+S</Keys>
        </Button>
      </Box>
    </Box>
  );
}

/** Keys are for those who have a keyboard. */
function Keys({ children }: { children: string }) {
  return (
    <Box component="kbd" sx={{ font: 'inherit', fontSize: '0.8125rem', ml: 1, display: { xs: 'none', md: 'inline' } }}>
      {children}
    </Box>
  );
}
