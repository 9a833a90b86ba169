import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Skeleton from '@mui/material/Skeleton';
import Typography from '@mui/material/Typography';
import { lazy, Suspense, useState } from 'react';
import { useTranslate } from 'react-admin';
import { PlotTable } from './PlotTable';
import type { PlotSeries } from './plot-series';

const RunPlotChart = lazy(() => import('./RunPlotChart'));

interface Props {
  /** Says the finding's axis, e.g. "SFT held-out loss by step". */
  title: string;
  series: readonly PlotSeries[];
  /** Each with its unit. */
  xLabel: string;
  yLabel: string;
  height?: number;
}

/** Curves with titled axes, or the same figures as a table. */
export function RunPlot({ title, series, xLabel, yLabel, height = 260 }: Props) {
  const translate = useTranslate();
  const [asTable, setAsTable] = useState(false);
  const hasPoints = series.some(({ points }) => points.length > 0);
  return (
    <Box component="figure" sx={{ m: 0 }}>
      <Box component="figcaption" sx={{ display: 'flex', alignItems: 'center', gap: 1, mb: 1 }}>
        <Typography variant="h3" component="span" sx={{ flex: 1 }}>
          {title}
        </Typography>
        {hasPoints && (
          <Button size="small" onClick={() => setAsTable(!asTable)} aria-pressed={asTable}>
            {translate(asTable ? 'piece.as_plot' : 'piece.as_table')}
          </Button>
        )}
      </Box>
      {!hasPoints && <Typography sx={{ color: 'text.secondary' }}>{translate('piece.no_points')}</Typography>}
      {hasPoints && asTable && <PlotTable series={series} xLabel={xLabel} height={height} />}
      {hasPoints && !asTable && (
        <Suspense fallback={<Skeleton variant="rectangular" height={height} />}>
          <Box role="img" aria-label={`${title}: ${xLabel}, ${yLabel}`}>
            <RunPlotChart series={series} xLabel={xLabel} yLabel={yLabel} height={height} />
          </Box>
        </Suspense>
      )}
    </Box>
  );
}
