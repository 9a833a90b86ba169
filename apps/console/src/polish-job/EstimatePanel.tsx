import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Skeleton from '@mui/material/Skeleton';
import Typography from '@mui/material/Typography';
import type { LlmEstimate } from '@qingnang/contracts';
import type { ReactNode } from 'react';
import { useTranslate } from 'react-admin';
import { Count } from '../components/Count';
import { Money } from '../components/Money';
import { ErrorState } from '../listing/ErrorState';

export type EstimateCount = 'subjects' | 'alreadyDone' | 'calls' | 'inputTokens' | 'outputTokens';

interface Props {
  estimate: LlmEstimate | undefined;
  error: unknown;
  isPending: boolean;
  counts: readonly EstimateCount[];
  rule: string;
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Box>
      <Typography variant="caption" component="dt" sx={{ color: 'text.secondary' }}>
        {label}
      </Typography>
      <Typography component="dd" sx={{ m: 0, fontSize: '1.25rem', fontVariantNumeric: 'tabular-nums' }}>
        {children}
      </Typography>
    </Box>
  );
}

/** What the job would ask and cost, before anything is sent. */
export function EstimatePanel({ estimate, error, isPending, counts, rule }: Props) {
  const translate = useTranslate();
  const words = (key: string, values?: object) => translate(`resources.llm-jobs.${key}`, values);
  if (error) return <ErrorState error={error} />;
  if (isPending || !estimate) return <Skeleton variant="rounded" height={120} aria-label={words('estimating')} />;
  return (
    <>
      <Box component="dl" sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 4, rowGap: 1.5, m: 0 }}>
        {counts.map((key) => (
          <Fact key={key} label={words(`est.${key}`)}>
            <Count value={estimate[key]} />
          </Fact>
        ))}
        <Fact label={words('est.cost')}>
          <Money amount={estimate.cost} currency={estimate.currency} />
        </Fact>
      </Box>
      {estimate.egressRefused > 0 && (
        <Alert severity="warning" variant="outlined">
          {words('egress_hint', { n: estimate.egressRefused })}
        </Alert>
      )}
      {estimate.tooLong > 0 && (
        <Alert severity="warning" variant="outlined">
          {words('too_long_hint', { n: estimate.tooLong })}
        </Alert>
      )}
      {estimate.calls === 0 && (
        <Alert severity="info" variant="outlined">
          {words('nothing')}
        </Alert>
      )}
      <Typography variant="caption" sx={{ color: 'text.secondary' }}>
        {rule}
      </Typography>
    </>
  );
}
