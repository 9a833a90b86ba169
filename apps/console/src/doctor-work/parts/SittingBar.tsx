import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { useTranslate } from 'react-admin';
import { type NoticeOf, SittingNotice } from '../../sitting/SittingNotice';

interface Props {
  submitWord: string;
  ready: boolean;
  state: NoticeOf;
  onSubmit: () => void;
  onSkip: () => void;
  onGoOn: () => void;
}

/** One primary button, 48 pixels high; what went wrong stands above it. */
export function SittingBar({ submitWord, ready, state, onSubmit, onSkip, onGoOn }: Props) {
  const translate = useTranslate();
  const notice = <SittingNotice {...{ state, onGoOn }} />;
  if (state.lost) return notice;
  const busy = state.busy !== null;
  return (
    <Box sx={{ display: 'grid', gap: 1 }}>
      {notice}
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
