import Box from '@mui/material/Box';
import Link from '@mui/material/Link';
import Paper from '@mui/material/Paper';
import Typography from '@mui/material/Typography';
import type { PromptDetail } from '@qingnang/contracts';
import type { ReactNode } from 'react';
import { useGetOne, useTranslate } from 'react-admin';
import { Link as RouterLink, useParams } from 'react-router-dom';
import { TurnList } from '../dialogue/TurnList';
import { ErrorState } from '../listing/ErrorState';
import { PageHeader } from '../listing/PageHeader';
import { RowsSkeleton } from '../listing/RowsSkeleton';
import { CandidateRows } from './CandidateRows';
import { JudgementRows } from './JudgementRows';
import { PairRows } from './PairRows';
import { ReferenceRows } from './ReferenceRows';

function Part({ title, count, empty, children }: { title: string; count: number; empty: string; children: ReactNode }) {
  return (
    <Paper variant="outlined" component="section" sx={{ p: 2, display: 'grid', gap: 1.5, minWidth: 0 }}>
      <Typography variant="h2">
        {title} <span style={{ fontWeight: 400 }}>{count}</span>
      </Typography>
      {count === 0 ? <Typography sx={{ color: 'text.secondary' }}>{empty}</Typography> : children}
    </Paper>
  );
}

/** A question with all that was answered to it, and what was said about the answers. */
export default function PromptShow() {
  const translate = useTranslate();
  const say = (key: string) => translate(`resources.prompts.${key}`);
  const { id = '' } = useParams();
  const { data: prompt, error, refetch } = useGetOne<PromptDetail>('prompts', { id });
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!prompt) return <RowsSkeleton rows={8} />;
  const { references, candidates, judgements, pairs } = prompt;
  return (
    <>
      <PageHeader
        title={say('one')}
        lead={
          <>
            {[prompt.department, translate(`resources.records.data_sets.${prompt.dataSet}`, { _: prompt.dataSet })]
              .filter(Boolean)
              .join(' · ')}{' '}
            ·{' '}
            <Link component={RouterLink} to={`/records/${prompt.recordId}/show`}>
              {say('to_record')}
            </Link>
          </>
        }
      />
      <Box
        sx={{
          display: 'grid',
          gap: 2,
          gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'minmax(0, 2fr) minmax(0, 3fr)' },
        }}
      >
        <Box sx={{ display: 'grid', gap: 2, alignContent: 'start' }}>
          <Part title={say('dialogue')} count={prompt.turns.length} empty={say('erased')}>
            <TurnList turns={prompt.turns} />
          </Part>
          <Part title={say('fields.references')} count={references.length} empty={say('no_references')}>
            <ReferenceRows references={references} />
          </Part>
        </Box>
        <Box sx={{ display: 'grid', gap: 2, alignContent: 'start' }}>
          <Part title={say('fields.candidates')} count={candidates.length} empty={say('no_candidates')}>
            <CandidateRows prompt={prompt} />
          </Part>
          <Part title={say('fields.judgements')} count={judgements.length} empty={say('no_judgements')}>
            <JudgementRows prompt={prompt} />
          </Part>
          <Part title={say('pairs')} count={pairs.length} empty={say('no_pairs')}>
            <PairRows prompt={prompt} />
          </Part>
        </Box>
      </Box>
    </>
  );
}
