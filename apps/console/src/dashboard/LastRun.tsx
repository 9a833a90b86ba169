import Box from '@mui/material/Box';
import Link from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import type { Dashboard } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { Link as RouterLink } from 'react-router-dom';
import { StateChip } from '../components/StateChip';
import { When } from '../components/When';
import { metricWord } from '../plot/plot-series';
import { RunPlot } from '../plot/RunPlot';

/** The three curves that say most about the last training run. */
export function LastRun({ run }: { run: Dashboard['lastRun'] }) {
  const translate = useTranslate();
  if (!run) return <Typography sx={{ color: 'text.secondary' }}>{translate('dashboard.no_run')}</Typography>;
  return (
    <>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center', mb: 2 }}>
        <Link component={RouterLink} to={run.href}>
          {run.name}
        </Link>
        <StateChip state={run.state} />
        <Typography variant="body2" component="span" sx={{ color: 'text.secondary' }}>
          <When at={run.at} />
        </Typography>
      </Box>
      <Box
        sx={{ display: 'grid', gap: 3, gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'repeat(3, minmax(0, 1fr))' } }}
      >
        {run.curves.map(({ key, points }) => {
          const label = translate(metricWord(run.method, key), { _: key });
          return (
            <RunPlot
              key={key}
              title={label}
              xLabel={translate('metrics.step')}
              yLabel={label}
              height={220}
              series={[{ key, label, points }]}
            />
          );
        })}
      </Box>
    </>
  );
}
