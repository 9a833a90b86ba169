import Box from '@mui/material/Box';
import type { Dashboard } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { FlowArrow } from './FlowArrow';
import { LoopNode } from './LoopNode';
import { arrows, gridLine, stopPlaces } from './loop-layout';

/** The loop itself. On a narrow screen the stops stand in a list, in their order. */
export function LoopDrawing({ dashboard }: { dashboard: Dashboard }) {
  const translate = useTranslate();
  const weekOf = (from: string, to: string) =>
    dashboard.flows.find((flow) => flow.from === from && flow.to === to)?.week ?? 0;
  return (
    <Box
      component="section"
      aria-label={translate('dashboard.loop')}
      sx={{
        display: 'grid',
        gap: { xs: 1, lg: 0 },
        gridTemplateColumns: { xs: 'repeat(2, minmax(0, 1fr))', lg: 'repeat(6, minmax(0, 1fr) 44px) minmax(0, 1fr)' },
        gridTemplateRows: { lg: 'auto 36px auto 36px auto' },
      }}
    >
      {dashboard.stops.map((stop) => {
        const [column, row] = stopPlaces[stop.key];
        return (
          <Box key={stop.key} sx={{ gridColumn: { lg: gridLine(column) }, gridRow: { lg: gridLine(row) } }}>
            <LoopNode stop={stop} isNext={dashboard.nextStep === stop.key} />
          </Box>
        );
      })}
      {arrows.map((arrow) => (
        <FlowArrow key={`${arrow.from}-${arrow.to}`} arrow={arrow} week={weekOf(arrow.from, arrow.to)} />
      ))}
      <Box
        sx={{
          gridColumn: { xs: '1 / -1', lg: '1 / 10' },
          gridRow: { lg: 5 },
          alignSelf: 'end',
          color: 'text.secondary',
          fontSize: '0.875rem',
        }}
      >
        {translate('dashboard.legend')}
      </Box>
    </Box>
  );
}
