import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { RunSamples } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { Section } from '../../components/Section';
import { RehearsalMark } from '../../dialogue/RehearsalMark';
import { TurnList } from '../../dialogue/TurnList';
import { useDetail } from '../../llm-jobs/useDetail';
import { plotFigure } from '../../plot/plot-series';

/** What the model says on the way, newest first. */
export function Samples({ runId }: { runId: string }) {
  const translate = useTranslate();
  const { data } = useDetail<RunSamples>('runs', `/runs/${runId}/samples?limit=8`);
  return (
    <Section title={translate('resources.runs.samples')}>
      <Typography sx={{ color: 'text.secondary' }}>
        {translate(data?.items.length === 0 ? 'resources.runs.no_samples' : 'resources.runs.samples_lead')}
      </Typography>
      <RehearsalMark when={data?.rehearsal === true && data.items.length > 0}>
        <Box sx={{ display: 'grid', gap: 2 }}>
          {data?.items.map(({ step, prompt, response, score }, index) => (
            <Box key={index}>
              <Typography variant="caption" sx={{ color: 'text.secondary' }}>
                {translate('metrics.step')} {step}
                {score !== null && ` · ${translate('resources.runs.score')} ${plotFigure(score)}`}
              </Typography>
              <TurnList
                turns={[
                  { role: 'patient', text: prompt },
                  { role: 'doctor', text: response },
                ]}
              />
            </Box>
          ))}
        </Box>
      </RehearsalMark>
    </Section>
  );
}
