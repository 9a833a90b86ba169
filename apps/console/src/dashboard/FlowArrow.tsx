import Box from '@mui/material/Box';
import { useLocaleState, useTranslate } from 'react-admin';
import { shortCount } from '../components/number-words';
import type { Arrow, Direction } from './loop-layout';

const turns: Record<Direction, number> = { right: 0, down: 90, left: 180, up: 270 };

/** One arrow, with the flow of the last seven days beside it. Hidden where the stops are a list. */
export function FlowArrow({ arrow, week }: { arrow: Arrow; week: number }) {
  const translate = useTranslate();
  const [locale] = useLocaleState();
  const vertical = arrow.direction === 'up' || arrow.direction === 'down';
  const words = translate('dashboard.flow', {
    from: translate(`dashboard.stops.${arrow.from}`),
    to: translate(`dashboard.stops.${arrow.to}`),
    count: week,
  });
  return (
    <Box
      role="img"
      aria-label={words}
      title={words}
      sx={{
        gridColumn: arrow.column,
        gridRow: arrow.row,
        display: { xs: 'none', lg: 'flex' },
        flexDirection: vertical ? 'row' : 'column',
        gap: vertical ? 0.75 : 0,
        alignItems: 'center',
        justifyContent: 'center',
        color: week > 0 ? 'primary.main' : 'text.disabled',
        fontSize: '0.75rem',
        lineHeight: 1.2,
        textAlign: 'center',
      }}
    >
      <Box component="span" sx={{ order: vertical ? 1 : 0, minHeight: vertical ? 0 : '1.2em', whiteSpace: 'nowrap' }}>
        {week > 0 && shortCount(week, locale)}
      </Box>
      <Box
        component="svg"
        viewBox="0 0 36 12"
        sx={{ width: 34, height: 12, transform: `rotate(${turns[arrow.direction]}deg)`, flexShrink: 0 }}
      >
        <path
          d="M1 6h31M27 1.5 33 6l-6 4.5"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
          strokeDasharray={week > 0 ? undefined : '3 3'}
        />
      </Box>
    </Box>
  );
}
