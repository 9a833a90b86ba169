import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { SnapshotManifest } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { shareWords } from '../../approval-rules/share-words';
import { Count } from '../../components/Count';
import { Section } from '../../components/Section';

type Rule = NonNullable<SnapshotManifest['approvals']>['rules'][number];

function Evidence({ rule: { rule, rows, approval_rule: evidence } }: { rule: Rule }) {
  const translate = useTranslate();
  const say = (key: string, facts?: object) => translate(`resources.snapshots.approvals.${key}`, facts);
  const share = (value: number | null) => (value === null ? '–' : shareWords(value));
  return (
    <Box component="li">
      {say('rule', { name: rule, rows })}{' '}
      {evidence === null ? (
        <Typography component="span" sx={{ color: 'text.secondary' }}>
          {say('no_evidence')}
        </Typography>
      ) : (
        <>
          <Link to={`/approval-rules/${evidence.id}/show`}>{say('see')}</Link>
          <Typography sx={{ color: 'text.secondary' }}>
            {say('figures', {
              ...{ read: evidence.read, faults: evidence.faults, bar: share(evidence.bar) },
              ...{ rate: share(evidence.rate), low: share(evidence.low), high: share(evidence.high) },
              atMost: share(evidence.at_most),
            })}
          </Typography>
          {evidence.stopped && <Typography sx={{ color: 'warning.main' }}>{say('stopped')}</Typography>}
        </>
      )}
    </Box>
  );
}

/** How the texts came to be approved, and what stands behind those that nobody read one by one. */
export function Approvals({ manifest: { approvals } }: { manifest: SnapshotManifest }) {
  const translate = useTranslate();
  const say = (key: string) => translate(`resources.snapshots.approvals.${key}`);
  if (!approvals) return null;
  return (
    <Section title={say('title')}>
      <Typography component="div" sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 3 }}>
        {(['reviewed', 'by_rule'] as const).map((how) => (
          <span key={how}>
            {say(how)} <Count value={approvals[how]} />
          </span>
        ))}
      </Typography>
      {approvals.rules.length > 0 && (
        <Box component="ul" sx={{ m: 0, pl: 2.5, overflowWrap: 'anywhere' }}>
          {approvals.rules.map((rule) => (
            <Evidence key={`${rule.rule} ${rule.approval_rule?.id}`} rule={rule} />
          ))}
        </Box>
      )}
    </Section>
  );
}
