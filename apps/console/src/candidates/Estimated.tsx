import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { LlmEstimate } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { Count } from '../components/Count';
import { Money } from '../components/Money';

const counts = ['subjects', 'alreadyDone', 'lacking', 'calls', 'inputTokens', 'outputTokens'] as const;

/** What a job over prompts would ask and cost, before anything is sent. */
export function Estimated({ estimate }: { estimate: LlmEstimate }) {
  const translate = useTranslate();
  const say = (key: string, facts?: object) => translate(`resources.candidates.${key}`, facts);
  return (
    <>
      <Box component="dl" sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 4, rowGap: 1.5, m: 0 }}>
        {[...counts, 'cost' as const]
          .filter((key) => key !== 'lacking' || estimate.lacking > 0)
          .map((key) => (
            <Box key={key}>
              <Typography variant="caption" component="dt" sx={{ color: 'text.secondary' }}>
                {say(`est.${key}`)}
              </Typography>
              <Typography component="dd" sx={{ m: 0, fontSize: '1.25rem', fontVariantNumeric: 'tabular-nums' }}>
                {key === 'cost' ? (
                  <Money amount={estimate.cost} currency={estimate.currency} />
                ) : (
                  <Count value={estimate[key]} />
                )}
              </Typography>
            </Box>
          ))}
      </Box>
      {(['egressRefused', 'tooLong'] as const).map((key) =>
        estimate[key] === 0 ? null : (
          <Alert key={key} severity="warning" variant="outlined">
            {say(`hints.${key}`, { n: estimate[key] })}
          </Alert>
        ),
      )}
      {estimate.calls === 0 && (
        <Alert severity="info" variant="outlined">
          {say('hints.nothing')}
        </Alert>
      )}
    </>
  );
}
