import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { RecordDetail } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { TextLink } from '../components/TextLink';
import { When } from '../components/When';
import { HoldHistory } from './HeldBack';

function Approvals({ record }: { record: RecordDetail }) {
  const translate = useTranslate();
  const kindOf = (id: string) => record.versions.find((version) => version.id === id)?.kind;
  if (record.approvals.length === 0) {
    return <Typography sx={{ color: 'text.secondary' }}>{translate('resources.records.no_approvals')}</Typography>;
  }
  return (
    <Box component="ul" sx={{ m: 0, pl: 2.5 }}>
      {record.approvals.map((approval) => (
        <li key={approval.id}>
          {translate(`resources.records.kinds.${kindOf(approval.versionId)}`)} ·{' '}
          {translate(`resources.records.rules.${approval.by}`, { _: approval.by })}
          {approval.how === 'by_rule' && ` · ${translate('resources.records.rules.by_rule')}`}{' '}
          <Box component="span" sx={{ color: 'text.secondary' }}>
            <When at={approval.fromAt} />
            {approval.untilAt ? (
              <>
                {' – '}
                <When at={approval.untilAt} />
              </>
            ) : (
              ` · ${translate('resources.records.in_force')}`
            )}
            {approval.reason && ` · ${approval.reason}`}
            {approval.bulkJobId && (
              <>
                {' · '}
                <TextLink to={`/bulk-jobs/${approval.bulkJobId}/show`}>
                  {translate('resources.records.approved_with_others')}
                </TextLink>
              </>
            )}
          </Box>
        </li>
      ))}
    </Box>
  );
}

/** Every approval, and every place the record was found at. */
export function RecordHistory({ record }: { record: RecordDetail }) {
  const translate = useTranslate();
  return (
    <Box sx={{ display: 'grid', gap: 1 }}>
      <Typography variant="h2">{translate('resources.records.approvals')}</Typography>
      <Approvals record={record} />
      <HoldHistory record={record} />
      <Typography variant="h2" sx={{ mt: 1 }}>
        {translate('resources.records.occurrences')}
      </Typography>
      <Box component="ul" sx={{ m: 0, pl: 2.5 }}>
        {record.occurrences.map((place, index) => (
          <li key={index}>
            {place.source} · {place.fileName} ·{' '}
            {translate('resources.records.line', { n: place.line.toLocaleString() })}
            {place.outsideId && ` · ${place.outsideId}`}
            {place.outcome !== 'accepted' && ` · ${translate(`resources.imports.fields.${place.outcome}`)}`}
          </li>
        ))}
      </Box>
    </Box>
  );
}
