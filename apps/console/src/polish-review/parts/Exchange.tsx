import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { PolishTask } from '@qingnang/contracts';
import { diffTexts } from '@qingnang/text';
import { memo, useMemo } from 'react';
import { useTranslate } from 'react-admin';
import { Diff } from '../../dialogue/Diff';
import { RehearsalMark } from '../../dialogue/RehearsalMark';
import type { ReviewedTurn, Walk } from '../session/useWalk';
import { FactWarnings } from './FactWarnings';
import { letters, TurnEditor } from './TurnEditor';

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

function Said({ who, text }: { who: string; text: string }) {
  return (
    <Box sx={{ maxWidth: '40em' }}>
      <Typography component="h3" variant="caption" sx={{ fontWeight: 600, color: 'text.secondary' }}>
        {who}
      </Typography>
      <Typography sx={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>{text}</Typography>
    </Box>
  );
}

/** The doctor's own words, in the letters of the field beside them. */
const Original = memo(function Original({ label, text }: { label: string; text: string }) {
  return (
    <Box sx={{ display: 'grid', gap: 1, alignContent: 'start' }}>
      <Typography component="h3" variant="caption" sx={{ fontWeight: 600, color: 'primary.main' }}>
        {label}
      </Typography>
      <Box sx={{ border: 1, borderColor: 'divider', borderRadius: 1 }}>
        <Box sx={letters}>{text}</Box>
      </Box>
    </Box>
  );
});

function Suggestion({ turn }: { turn: ReviewedTurn }) {
  // Of the words compared last: nothing is done for a key.
  const text = turn.compared ?? turn.text;
  const segments = useMemo(() => diffTexts(turn.suggestion, text), [turn.suggestion, text]);
  return <Diff segments={segments} />;
}

/** Below the editor: the words that are gone, in their place, or the polish as it came. Additions are marked in the field. */
function Comparison({ turn, view }: { turn: ReviewedTurn; view: View }) {
  const translate = useTranslate();
  const nothingGone = turn.original === null || turn.segments.every(({ op }) => op !== 'delete');
  if (view === 'plain' || (view === 'diff' && nothingGone)) return null;
  return (
    <Box sx={{ px: 1.5, py: 1, borderLeft: 2, borderColor: 'divider' }}>
      <Typography component="h4" variant="caption" sx={{ color: 'text.secondary', fontWeight: 600 }}>
        {translate(`resources.polish-review.views.${view}_title`)}
      </Typography>
      <Typography component="div">
        {view === 'diff' ? <Diff segments={turn.segments} /> : <Suggestion turn={turn} />}
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
    <Box sx={{ display: 'grid', gap: 2 }}>
      {before.map(({ n, role, original, suggestion }) => (
        <Said key={n} who={translate(`piece.${role}`)} text={original ?? suggestion.text} />
      ))}
      {turn && (
        <Box
          sx={{
            display: 'grid',
            gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'repeat(2, minmax(0, 1fr))' },
            columnGap: 3,
            rowGap: 2,
          }}
        >
          {turn.original !== null && (
            <Original label={translate('resources.polish-review.original') + which} text={turn.original} />
          )}
          <Box sx={{ display: 'grid', gap: 1, alignContent: 'start' }}>
            <Typography component="h3" variant="caption" sx={{ fontWeight: 600, color: 'text.secondary' }}>
              {label}
            </Typography>
            <RehearsalMark when={turn.rehearsal}>
              <TurnEditor
                {...{ readOnly, inputRef, onChange, label }}
                text={turn.text}
                segments={turn.segments}
                findings={turn.findings}
                compared={turn.compared}
              />
            </RehearsalMark>
            <FactWarnings
              stops={walk.stops.filter((stop) => stop.n === turn.n)}
              kept={walk.kept}
              current={walk.current}
              onGoTo={walk.goTo}
            />
            <Comparison turn={turn} view={view} />
          </Box>
        </Box>
      )}
    </Box>
  );
}
