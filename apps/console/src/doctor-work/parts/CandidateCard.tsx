import type { DraggableProvided } from '@hello-pangea/dnd';
import Box from '@mui/material/Box';
import DragIndicator from '@mui/icons-material/DragIndicator';
import Button from '@mui/material/Button';
import ButtonBase from '@mui/material/ButtonBase';
import Paper from '@mui/material/Paper';
import Typography from '@mui/material/Typography';
import { useTranslate } from 'react-admin';

interface Props {
  drag: DraggableProvided;
  isDragging: boolean;
  letter: string;
  text: string;
  /** Null without a place. */
  rank: number | null;
  aiRank: number | null;
  bad: boolean;
  /** Whether there is one placed before it to tie it with, or it is tied. */
  canTie: boolean;
  tied: boolean;
  disabled: boolean;
  onTap: () => void;
  onTie: () => void;
  onMove: (by: -1 | 1) => void;
  onBad: () => void;
}

/** One answer. A tap gives it the next place or takes its place back; what else can be said of it stands below. */
export function CandidateCard(props: Props) {
  const { drag, isDragging, letter, text, rank, aiRank, bad, canTie, tied, disabled, onTap, onTie, onMove, onBad } =
    props;
  const translate = useTranslate();
  const say = (key: string, facts?: object) => translate(`resources.doctor-work.${key}`, facts);
  return (
    <Paper
      component="li"
      variant="outlined"
      ref={drag.innerRef}
      {...drag.draggableProps}
      sx={{
        borderColor: rank === null && !isDragging ? 'divider' : 'primary.main',
        borderWidth: isDragging ? 2 : 1,
        listStyle: 'none',
        mb: 1.5,
      }}
    >
      <Box sx={{ display: 'flex' }}>
        <ButtonBase
          onClick={onTap}
          disabled={disabled}
          aria-pressed={rank !== null}
          aria-keyshortcuts={letter}
          sx={{
            display: 'flex',
            flex: 1,
            minWidth: 0,
            justifyContent: 'flex-start',
            alignItems: 'flex-start',
            gap: 1.5,
            p: 1.5,
            textAlign: 'start',
            font: 'inherit',
          }}
        >
          <Place rank={rank} letter={letter} />
          <Box sx={{ flex: 1, minWidth: 0 }}>
            <Typography component="span" variant="caption" sx={{ display: 'block', color: 'text.secondary' }}>
              {say('candidate', { letter })}
              {rank !== null && ` · ${say('place', { rank })}`}
              {tied && ` · ${say('tied')}`}
              {aiRank !== null && ` · ${say('ai_place', { rank: aiRank })}`}
            </Typography>
            <Typography
              component="span"
              sx={{ display: 'block', whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', maxWidth: '40em' }}
            >
              {text}
            </Typography>
          </Box>
        </ButtonBase>
        <DragDots drag={drag} label={say('drag', { letter })} />
      </Box>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 0.5, px: 1, pb: 1 }}>
        <Button onClick={onBad} disabled={disabled} color={bad ? 'error' : 'inherit'} aria-pressed={bad}>
          {bad && <span aria-hidden>✕&nbsp;</span>}
          {say(bad ? 'is_bad' : 'mark_bad')}
        </Button>
        <Box sx={{ flex: 1 }} />
        {canTie && (
          <Button onClick={onTie} disabled={disabled}>
            {say(tied ? 'untie' : 'tie')}
          </Button>
        )}
        {rank !== null && (
          <>
            <Button onClick={() => onMove(-1)} disabled={disabled} sx={{ minWidth: 44 }}>
              {say('up')}
            </Button>
            <Button onClick={() => onMove(1)} disabled={disabled} sx={{ minWidth: 44 }}>
              {say('down')}
            </Button>
          </>
        )}
      </Box>
    </Paper>
  );
}

/** A full circle with the place, or a dashed one with the letter. */
function Place({ rank, letter }: { rank: number | null; letter: string }) {
  const look =
    rank === null
      ? { color: 'primary.main', borderStyle: 'dashed' }
      : { bgcolor: 'primary.main', color: 'primary.contrastText' };
  return (
    <Box
      aria-hidden
      sx={{
        flex: '0 0 44px',
        height: 44,
        borderRadius: '50%',
        border: 2,
        borderColor: 'primary.main',
        display: 'grid',
        placeItems: 'center',
        fontSize: '1.25rem',
        fontWeight: 600,
        ...look,
      }}
    >
      {rank ?? letter}
    </Box>
  );
}

/** Where a card is picked up, by hand or by keys. */
function DragDots({ drag, label }: { drag: DraggableProvided; label: string }) {
  return (
    <Box
      {...drag.dragHandleProps}
      aria-label={label}
      sx={{
        width: 44,
        minHeight: 44,
        flexShrink: 0,
        display: 'grid',
        placeItems: 'center',
        color: 'text.secondary',
        cursor: 'grab',
        touchAction: 'manipulation',
        '&:hover': { color: 'text.primary' },
      }}
    >
      <DragIndicator aria-hidden />
    </Box>
  );
}
