import Box from '@mui/material/Box';
import type { RunLog } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { Section } from '../../components/Section';
import { useDetail } from '../../llm-jobs/useDetail';

/** The end of the trainer's log. */
export function LogTail({ runId }: { runId: string }) {
  const translate = useTranslate();
  const { data } = useDetail<RunLog>('runs', `/runs/${runId}/log?lines=100`);
  const lines = data?.lines ?? [];
  return (
    <Section title={translate('resources.runs.log')}>
      <Box
        component="pre"
        tabIndex={0}
        sx={{ m: 0, maxHeight: 280, overflow: 'auto', fontSize: '0.8125rem', whiteSpace: 'pre-wrap' }}
      >
        {lines.length === 0 ? translate('resources.runs.no_log') : lines.join('\n')}
      </Box>
    </Section>
  );
}
