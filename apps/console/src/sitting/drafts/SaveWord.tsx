import Box from '@mui/material/Box';
import { useLocaleState, useTranslate } from 'react-admin';
import type { SaveState } from './draft-sync';

/** "Saved" only after the server said so; else where the words are, in amber. */
export function SaveWord({ save }: { save: SaveState }) {
  const translate = useTranslate();
  const [locale] = useLocaleState();
  const waiting = save.kind === 'waiting' || save.kind === 'refused';
  const words = () => {
    if (save.kind === 'saved') {
      const time = save.at.toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit', hour12: false });
      return translate('resources.sitting.saved', { time });
    }
    if (save.kind === 'refused') return translate('resources.sitting.refused', { why: save.why });
    if (save.kind !== 'waiting') return '';
    const key = save.onDevice ? 'on_device' : 'in_memory';
    return translate(`resources.sitting.${key}`, { n: save.count });
  };
  return (
    <Box
      role="status"
      aria-live="polite"
      sx={{ minWidth: { md: '9em' }, textAlign: 'right', color: waiting ? 'warning.main' : 'text.secondary' }}
    >
      {waiting && <span aria-hidden>● </span>}
      {words()}
    </Box>
  );
}
