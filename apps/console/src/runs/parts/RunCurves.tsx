import Box from '@mui/material/Box';
import type { RunDetail, RunMetrics } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { Section } from '../../components/Section';
import { useDetail } from '../../llm-jobs/useDetail';
import { ErrorState } from '../../listing/ErrorState';
import { metricWord } from '../../plot/plot-series';
import { RunPlot } from '../../plot/RunPlot';
import { plotsOf } from '../run-model';

/** The run's curves, drawn anew when its trainer reports. */
export function RunCurves({ run }: { run: RunDetail }) {
  const translate = useTranslate();
  const { data, error, refetch } = useDetail<RunMetrics>('runs', `/runs/${run.id}/metrics`);
  const label = (key: string) => translate(metricWord(run.method, key), { _: key });
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  const plots = plotsOf(run.method, data?.series ?? []);
  return (
    <Section title={translate('resources.runs.curves')}>
      <Box
        sx={{ display: 'grid', gap: 3, gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'repeat(2, minmax(0, 1fr))' } }}
      >
        {plots.map(({ title, series }) => (
          <RunPlot
            key={title}
            title={translate(`resources.runs.${title}`)}
            xLabel={translate('metrics.step')}
            yLabel={series.length === 1 ? label(series[0]!.key) : translate(`resources.runs.${title}`)}
            series={series.map(({ key, points }) => ({ key, label: label(key), points }))}
          />
        ))}
      </Box>
    </Section>
  );
}
