import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { ReactNode } from 'react';
import { useTranslate } from 'react-admin';
import { RehearsalMark } from './RehearsalMark';

export interface ShownTurn {
  role: 'system' | 'patient' | 'doctor';
  text: string;
  rehearsal?: boolean;
}

interface Props {
  turns: readonly ShownTurn[];
  /** Draws a turn's words instead of the plain text, e.g. its difference to another version. */
  renderText?: (turn: ShownTurn, index: number) => ReactNode;
}

/** A dialogue, one speaker under the other, at a measure of 40 characters. */
export function TurnList({ turns, renderText }: Props) {
  const translate = useTranslate();
  return (
    <Box component="ol" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 2 }}>
      {turns.map((turn, index) => (
        <Box component="li" key={index} sx={{ maxWidth: '40em' }}>
          <Typography
            component="div"
            variant="caption"
            sx={{ color: turn.role === 'doctor' ? 'primary.main' : 'text.secondary', fontWeight: 600 }}
          >
            {translate(`piece.${turn.role}`)}
          </Typography>
          <RehearsalMark when={turn.rehearsal === true}>
            <Typography component="div" sx={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
              {renderText ? renderText(turn, index) : turn.text}
            </Typography>
          </RehearsalMark>
        </Box>
      ))}
    </Box>
  );
}
