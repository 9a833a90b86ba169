import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { ImportJob } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { Count } from '../components/Count';

const counts = ['read', 'accepted', 'replaced', 'duplicate', 'rejected'] as const;

interface TallyProps {
  kind: 'reasons' | 'notes';
  counts: Record<string, number>;
}

function Tally({ kind, counts }: TallyProps) {
  const translate = useTranslate();
  const sorted = Object.entries(counts).sort(([, a], [, b]) => b - a);
  if (sorted.length === 0) return null;
  return (
    <Box component="ul" sx={{ m: 0, pl: 2.5 }} data-tally={kind}>
      {sorted.map(([name, count]) => (
        <li key={name}>
          {translate(`resources.imports.${kind}.${name}`, { _: name })} <Count value={count} />
        </li>
      ))}
    </Box>
  );
}

/** Read = accepted + replaced + duplicate + rejected, the rejected by reason, and what was noticed in those taken. */
export function ImportCounts({ job }: { job: ImportJob }) {
  const translate = useTranslate();
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
      <Tally kind="reasons" counts={job.reasons} />
      {Object.keys(job.notes).length > 0 && (
        <Box>
          <Typography variant="caption" sx={{ color: 'text.secondary' }}>
            {translate('resources.imports.noted')}
          </Typography>
          <Tally kind="notes" counts={job.notes} />
        </Box>
      )}
    </Box>
  );
}
