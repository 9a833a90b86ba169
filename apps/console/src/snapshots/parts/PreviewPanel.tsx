import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Skeleton from '@mui/material/Skeleton';
import Typography from '@mui/material/Typography';
import type { SnapshotPreview } from '@qingnang/contracts';
import type { ReactNode } from 'react';
import { useTranslate } from 'react-admin';
import { Count } from '../../components/Count';
import { ErrorState } from '../../listing/ErrorState';
import { LARGE_GROUP, percent } from '../snapshot-model';

interface Props {
  preview: SnapshotPreview | undefined;
  error: unknown;
  onRetry(): void;
  includeRehearsal: boolean;
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

/** What the filter selects and the freeze would not take, by reason. */
function WhyNot({ preview: { chosen, leftOut, sample } }: { preview: SnapshotPreview }) {
  const translate = useTranslate();
  const words = (key: string, values?: object) => translate(`resources.snapshots.${key}`, values);
  if (leftOut.length === 0) return null;
  return (
    <Box component="section" aria-label={words('preview.why')}>
      <Typography variant="body2">{words('preview.why_of', { n: chosen.toLocaleString('en-US') })}</Typography>
      <Box component="ul" sx={{ m: 0, pl: 2.5 }}>
        {leftOut.map(({ reason, count }) => (
          <li key={reason}>
            {words(`reasons.${reason}`)}
            {words('preview.colon')}
            {sample !== null && reason in SAMPLED && words('preview.about')}
            <Count value={count} />
          </li>
        ))}
      </Box>
    </Box>
  );
}

/** Reasons that only looking at a text tells. */
const SAMPLED = {
  no_pair: true,
  not_allowed_for_training: true,
  rehearsal: true,
  in_evaluation_exact: true,
  in_evaluation_near: true,
};

/** What the freeze would take now, and what is worth a look before it is ordered. */
export function PreviewPanel({ preview, error, onRetry, includeRehearsal }: Props) {
  const translate = useTranslate();
  const words = (key: string, values?: object) => translate(`resources.snapshots.${key}`, values);
  if (error) return <ErrorState error={error} onRetry={onRetry} />;
  if (!preview) return <Skeleton variant="rounded" height={96} aria-label={words('counting')} />;
  const { rows, split, rehearsal, largestGroupShare, movedRecords, sample } = preview;
  return (
    <div aria-live="polite">
      <Box component="dl" sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 4, rowGap: 1.5, m: 0, mb: 1.5 }}>
        <Fact label={words('preview.rows')}>
          <Count value={rows} />
        </Fact>
        {(['train', 'validation', 'test'] as const).map((name) => (
          <Fact key={name} label={words(`splits.${name}`)}>
            <Count value={split[name]} />
          </Fact>
        ))}
        <Fact label={words(includeRehearsal ? 'preview.rehearsal' : 'preview.rehearsal_out')}>
          <Count value={rehearsal} />
        </Fact>
        <Fact label={words('preview.largest')}>{percent(largestGroupShare)} %</Fact>
        <Fact label={words('preview.moved')}>
          <Count value={movedRecords} />
        </Fact>
      </Box>
      <Box sx={{ display: 'grid', gap: 1 }}>
        {rows === 0 && (
          <Alert severity="info" variant="outlined">
            {words(preview.chosen === 0 ? 'nothing_chosen' : 'nothing')}
          </Alert>
        )}
        <WhyNot preview={preview} />
        {largestGroupShare > LARGE_GROUP && (
          <Alert severity="warning" variant="outlined">
            {words('largest_warning', { percent: percent(largestGroupShare) })}
          </Alert>
        )}
        {movedRecords > 0 && (
          <Alert severity="warning" variant="outlined">
            {words('moved_warning', { n: movedRecords })}
          </Alert>
        )}
        <Typography variant="caption" sx={{ color: 'text.secondary' }}>
          {words('preview_rule')}
          {sample !== null &&
            ` ${words('preview.sample', { looked: sample.looked.toLocaleString('en-US'), of: sample.of.toLocaleString('en-US') })}`}
        </Typography>
      </Box>
    </div>
  );
}
