import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { findingWords, needsConfirmation } from '@qingnang/text';
import { useLocaleState, useTranslate } from 'react-admin';
import { isMac } from '../../sitting/keys/keyboard';
import { keysOf } from '../logic/keyboard';
import type { Stop } from '../logic/change-walk';

interface Props {
  stops: readonly Stop[];
  kept: ReadonlySet<string>;
  current: Stop | null;
  onGoTo: (stop: Stop) => void;
}

/** Most warnings listed at once; a text that was written anew has hundreds. */
const LISTED = 30;

/** Facts that came or went, each with a way to its place. What was looked at and kept is said more quietly. */
export function FactWarnings({ stops, kept, current, onGoTo }: Props) {
  const translate = useTranslate();
  const [locale] = useLocaleState();
  const facts = stops.flatMap((stop) => (stop.finding ? [{ ...stop, finding: stop.finding }] : []));
  if (facts.length === 0) return null;
  const next = facts.find((stop) => !kept.has(stop.key));
  return (
    <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 0.5 }}>
      {facts.slice(0, LISTED).map((stop) => {
        const done = kept.has(stop.key);
        const asks = needsConfirmation(stop.finding);
        const quiet = done || (stop.saidByPatient === true && !asks);
        const words = findingWords(stop.finding, locale === 'en' ? 'en' : 'zh');
        return (
          <Box
            component="li"
            key={stop.key}
            sx={{
              display: 'flex',
              flexWrap: 'wrap',
              alignItems: 'center',
              columnGap: 1,
              px: 1,
              borderRadius: 1,
              bgcolor: quiet ? 'transparent' : 'warning.light',
              color: quiet ? 'text.secondary' : 'text.primary',
              border: 1,
              borderColor: current?.key === stop.key ? 'warning.main' : 'transparent',
            }}
          >
            <Box component="span" sx={{ flex: '1 1 14em' }}>
              <span aria-hidden>{done ? '✓ ' : quiet ? '· ' : '⚠ '}</span>
              {words}
              {stop.saidByPatient && ` · ${translate('resources.polish-review.said_by_patient')}`}
              {done && ` · ${translate(`resources.polish-review.${asks ? 'confirmed' : 'kept'}`)}`}
              {!done && asks && ` · ${translate('resources.polish-review.to_confirm')}`}
            </Box>
            <Button size="small" color="inherit" onClick={() => onGoTo(stop)} aria-keyshortcuts="Alt+J">
              {translate('resources.polish-review.go_to')}
              {stop === next && <Kbd>{keysOf('next_change', isMac())}</Kbd>}
            </Button>
          </Box>
        );
      })}
      {facts.length > LISTED && (
        <Box component="li" sx={{ px: 1, color: 'text.secondary' }}>
          {translate('resources.polish-review.more_facts', { n: facts.length - LISTED })}
        </Box>
      )}
    </Box>
  );
}

/** The keys of a command, said quietly. */
export function Kbd({ children }: { children: string }) {
  return (
    <Box component="kbd" sx={{ font: 'inherit', fontSize: '0.8125rem', ml: 0.75, whiteSpace: 'nowrap' }}>
      {children}
    </Box>
  );
}
