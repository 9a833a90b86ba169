import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { useTranslate } from 'react-admin';
import { isMac } from '../../sitting/keys/keyboard';
import { keysOf } from '../logic/keyboard';
import type { Stop } from '../logic/change-walk';

interface Props {
  stops: readonly Stop[];
  kept: ReadonlySet<string>;
  current: Stop | null;
  onGoTo: (stop: Stop) => void;
}

/** Facts that came or went, each with a way to its place. What was looked at and kept is said more quietly. */
export function FactWarnings({ stops, kept, current, onGoTo }: Props) {
  const translate = useTranslate();
  const facts = stops.filter((stop) => stop.kind !== 'change');
  if (facts.length === 0) return null;
  const next = facts.find((stop) => !kept.has(stop.key));
  return (
    <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 0.5 }}>
      {facts.map((stop) => {
        const done = kept.has(stop.key);
        const quiet = done || stop.saidByPatient === true;
        const word = stop.saidByPatient ? 'added_patient' : stop.kind;
        const kind = translate(`resources.polish-review.facts.${stop.factKind}`, { _: stop.factKind });
        const text = stop.kind === 'added' ? stop.inserted : stop.deleted;
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
              {translate(`resources.polish-review.${word}`, { kind, text })}
              {done && ` · ${translate('resources.polish-review.kept')}`}
            </Box>
            <Button size="small" color="inherit" onClick={() => onGoTo(stop)} aria-keyshortcuts="Alt+J">
              {translate('resources.polish-review.go_to')}
              {stop === next && <Kbd>{keysOf('next_change', isMac())}</Kbd>}
            </Button>
          </Box>
        );
      })}
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
