import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { PolishTask } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { Diff } from '../../dialogue/Diff';
import { diffSegments } from '../../dialogue/diff-segments';
import { RehearsalMark } from '../../dialogue/RehearsalMark';
import type { ReviewedTurn, Walk } from '../session/useWalk';
import { FactWarnings } from './FactWarnings';
import { TurnEditor } from './TurnEditor';

export type View = 'diff' | 'suggestion' | 'plain';

export interface ExchangeData {
  /** What was said before the doctor's turn. */
  before: PolishTask['turns'];
  /** Null after the doctor's last word. */
  turn: ReviewedTurn | null;
  /** How many of the dialogue's doctor turns, and which of them. */
  position: { of: number; at: number };
}

interface Props extends ExchangeData {
  view: View;
  walk: Walk;
  readOnly: boolean;
  inputRef: (element: HTMLTextAreaElement | null) => void;
  onChange: (text: string) => void;
}

function Said({ who, text, own }: { who: string; text: string; own?: boolean }) {
  return (
    <Box sx={{ maxWidth: '40em' }}>
      <Typography
        component="h3"
        variant="caption"
        sx={{ fontWeight: 600, color: own ? 'primary.main' : 'text.secondary' }}
      >
        {who}
      </Typography>
      <Typography sx={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{text}</Typography>
    </Box>
  );
}

/** Below the editor: how the words differ from the doctor's, or the polish as it came. */
function Comparison({ turn, view }: { turn: ReviewedTurn; view: View }) {
  const translate = useTranslate();
  if (view === 'plain' || (view === 'diff' && turn.original === null)) return null;
  return (
    <Box sx={{ px: 1.5, py: 1, borderLeft: 2, borderColor: 'divider', maxWidth: '42em' }}>
      <Typography component="h4" variant="caption" sx={{ color: 'text.secondary', fontWeight: 600 }}>
        {translate(`resources.polish-review.views.${view}_title`)}
      </Typography>
      <Typography component="div">
        {view === 'diff' ? (
          <Diff segments={turn.segments} />
        ) : (
          <Diff segments={diffSegments(turn.suggestion, turn.text)} />
        )}
      </Typography>
    </Box>
  );
}

/** One turn of the doctor's beside what it answers. */
export function Exchange({ before, turn, position, view, walk, readOnly, inputRef, onChange }: Props) {
  const translate = useTranslate();
  const which = position.of > 1 ? ` ${position.at} / ${position.of}` : '';
  const label = translate('resources.polish-review.polished') + which;
  return (
    <Box
      sx={{
        display: 'grid',
        gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'minmax(0, 2fr) minmax(0, 3fr)' },
        columnGap: 3,
        rowGap: 2,
      }}
    >
      <Box sx={{ display: 'grid', gap: 2, alignContent: 'start' }}>
        {before.map(({ n, role, original, suggestion }) => (
          <Said key={n} who={translate(`piece.${role}`)} text={original ?? suggestion.text} />
        ))}
        {turn && turn.original !== null && (
          <Said own who={translate('resources.polish-review.original') + which} text={turn.original} />
        )}
      </Box>
      {turn && (
        <Box sx={{ display: 'grid', gap: 1, alignContent: 'start', maxWidth: '42em' }}>
          <Typography component="h3" variant="caption" sx={{ fontWeight: 600, color: 'text.secondary' }}>
            {label}
          </Typography>
          <RehearsalMark when={turn.rehearsal}>
            <TurnEditor {...{ readOnly, inputRef, onChange, label }} text={turn.text} segments={turn.segments} />
          </RehearsalMark>
          <FactWarnings
            stops={walk.stops.filter((stop) => stop.n === turn.n)}
            kept={walk.kept}
            current={walk.current}
            onGoTo={walk.goTo}
          />
          <Comparison turn={turn} view={view} />
        </Box>
      )}
    </Box>
  );
}
