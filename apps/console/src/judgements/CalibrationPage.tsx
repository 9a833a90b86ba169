import Box from '@mui/material/Box';
import Paper from '@mui/material/Paper';
import Typography from '@mui/material/Typography';
import type { Calibration } from '@qingnang/contracts';
import { useQuery } from '@tanstack/react-query';
import { useTranslate } from 'react-admin';
import { RehearsalMark } from '../dialogue/RehearsalMark';
import { EmptyState } from '../listing/EmptyState';
import { ErrorState } from '../listing/ErrorState';
import { PageHeader } from '../listing/PageHeader';
import { RowsSkeleton } from '../listing/RowsSkeleton';
import { api } from '../providers/http';
import { projectPath } from '../session/project';

const share = (part: number, whole: number): string => (whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`);
const tau = (value: number | null): string => (value === null ? '–' : value.toFixed(3));

function Fact({ label, value, note }: { label: string; value: string; note: string }) {
  return (
    <Paper variant="outlined" sx={{ p: 2 }}>
      <Typography component="dt" sx={{ color: 'text.secondary' }}>
        {label}
      </Typography>
      <Typography component="dd" sx={{ m: 0, fontSize: '1.75rem', fontVariantNumeric: 'tabular-nums' }}>
        {value}
      </Typography>
      <Typography component="dd" variant="caption" sx={{ m: 0, color: 'text.secondary' }}>
        {note}
      </Typography>
    </Paper>
  );
}

/** How far the AI's order is that of doctors who did not see it. */
export default function CalibrationPage() {
  const translate = useTranslate();
  const say = (key: string, facts?: object) => translate(`resources.judgements.${key}`, facts);
  const { data, error, refetch } = useQuery({
    queryKey: ['judgements', 'calibration'],
    queryFn: async ({ signal }) =>
      (await api.get<Calibration>(projectPath('/judgements/calibration'), undefined, { signal })).data,
  });
  const head = <PageHeader title={say('calibration')} lead={say('calibration_lead')} />;
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <>{head}<RowsSkeleton rows={4} /></>; // prettier-ignore
  if (data.judgements === 0) return <>{head}<EmptyState title={say('no_calibration')} text={say('no_calibration_text')} /></>; // prettier-ignore
  return (
    <>
      {head}
      <RehearsalMark when={data.rehearsal}>
        <Box
          component="dl"
          sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'repeat(auto-fit, minmax(220px, 1fr))', m: 0 }}
        >
          <Fact
            label={say('tau')}
            value={tau(data.meanTauB)}
            note={say('tau_note', { n: data.judgements, doctors: data.doctors, prompts: data.prompts })}
          />
          <Fact
            label={say('pair_agreement')}
            value={share(data.agreed, data.pairs)}
            note={say('pair_note', { agreed: data.agreed, disagreed: data.disagreed, tied: data.aiTied })}
          />
          <Fact
            label={say('flips')}
            value={share(data.orderFlips, data.orderPairs)}
            note={say('flips_note', { flips: data.orderFlips, n: data.orderPairs })}
          />
        </Box>
        {data.dimensions.length > 0 && <ByDimension data={data} />}
      </RehearsalMark>
    </>
  );
}

/** Which dimension carries the agreement. */
function ByDimension({ data }: { data: Calibration }) {
  const translate = useTranslate();
  const say = (key: string, facts?: object) => translate(`resources.judgements.${key}`, facts);
  return (
    <>
      <Typography variant="h2" sx={{ mt: 3, mb: 1 }}>
        {say('by_dimension')}
      </Typography>
      <Box component="table" sx={{ borderCollapse: 'collapse', '& th, & td': { textAlign: 'start', pr: 4, py: 0.5 } }}>
        <thead>
          <tr>
            <th>{say('dimension')}</th>
            <th>{say('tau')}</th>
            <th>{say('pair_agreement')}</th>
          </tr>
        </thead>
        <tbody>
          {data.dimensions.map(({ key, meanTauB, agreed, pairs }) => (
            <tr key={key}>
              <td>{say(`dimensions.${key}`, { _: key })}</td>
              <td>{tau(meanTauB)}</td>
              <td>{share(agreed, pairs)}</td>
            </tr>
          ))}
        </tbody>
      </Box>
    </>
  );
}
