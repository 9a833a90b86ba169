import Box from '@mui/material/Box';
import type { EvaluationSummary } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { barOf } from '../evaluation-model';

// A pattern beside the colour, for those who do not see it.
const looks = {
  win: { bgcolor: 'primary.main', color: 'primary.contrastText' },
  tie: { bgcolor: 'action.selected', color: 'text.primary' },
  loss: {
    color: 'text.disabled',
    backgroundImage: 'repeating-linear-gradient(45deg, transparent 0 7px, currentColor 7px 8px)',
    backgroundColor: 'background.paper',
  },
} as const;

/** From here on a part has room for its word. */
const WIDE_PERCENT = 15;

/** Wins of A, ties and wins of B, as parts of one bar with their numbers. */
export function OutcomeBar({
  summary,
  height = 32,
}: {
  summary: Pick<EvaluationSummary, 'win' | 'tie' | 'loss'>;
  height?: number;
}) {
  const translate = useTranslate();
  const widths = barOf(summary);
  const { win, tie, loss } = summary;
  return (
    <Box
      role="img"
      aria-label={translate('resources.evaluations.bar', { win, tie, loss })}
      sx={{ display: 'flex', border: 1, borderColor: 'divider', borderRadius: 1, overflow: 'hidden', height }}
    >
      {(['win', 'tie', 'loss'] as const).map(
        (part) =>
          widths[part] > 0 && (
            <Box
              key={part}
              sx={{ width: `${widths[part]}%`, display: 'grid', placeItems: 'center', minWidth: 0, ...looks[part] }}
            >
              <Box
                component="span"
                sx={{
                  px: 0.75,
                  borderRadius: 1,
                  whiteSpace: 'nowrap',
                  ...(part === 'loss' && { bgcolor: 'background.paper', color: 'text.primary' }),
                }}
              >
                {widths[part] >= WIDE_PERCENT && `${translate(`resources.evaluations.${part}`)} `}
                {summary[part]}
              </Box>
            </Box>
          ),
      )}
    </Box>
  );
}
