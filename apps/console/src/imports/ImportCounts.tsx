import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { ImportJob } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { Count } from '../components/Count';

const counts = ['read', 'accepted', 'duplicate', 'rejected'] as const;

/** Read = accepted + duplicate + rejected, and the rejected by reason. */
export function ImportCounts({ job }: { job: ImportJob }) {
  const translate = useTranslate();
  const reasons = Object.entries(job.reasons).sort(([, a], [, b]) => b - a);
  return (
    <Box sx={{ display: 'grid', gap: 1.5 }}>
      <Box component="dl" sx={{ m: 0, display: 'flex', flexWrap: 'wrap', columnGap: 4, rowGap: 1 }}>
        {counts.map((name) => (
          <Box key={name}>
            <Typography component="dt" variant="caption" sx={{ color: 'text.secondary' }}>
              {translate(`resources.imports.fields.${name}`)}
            </Typography>
            <Typography component="dd" sx={{ m: 0, fontSize: '1.375rem', fontWeight: 600 }} data-count={name}>
              <Count value={job[name]} />
            </Typography>
          </Box>
        ))}
      </Box>
      {reasons.length > 0 && (
        <Box component="ul" sx={{ m: 0, pl: 2.5 }}>
          {reasons.map(([reason, count]) => (
            <li key={reason}>
              {translate(`resources.imports.reasons.${reason}`, { _: reason })} <Count value={count} />
            </li>
          ))}
        </Box>
      )}
    </Box>
  );
}
