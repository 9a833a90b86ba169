import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import type { SnapshotDetail } from '@qingnang/contracts';
import { useGetOne, useTranslate } from 'react-admin';
import { Link, useParams } from 'react-router-dom';
import { CopyOnce } from '../components/CopyOnce';
import { ProgressCard } from '../components/ProgressCard';
import { ReasonText } from '../components/reason/ReasonText';
import { StateChip } from '../components/StateChip';
import { When } from '../components/When';
import { WithdrawButton } from '../components/WithdrawButton';
import { RehearsalMark } from '../dialogue/RehearsalMark';
import { ErrorState } from '../listing/ErrorState';
import { PageHeader } from '../listing/PageHeader';
import { RowsSkeleton } from '../listing/RowsSkeleton';
import { useMayDo } from '../session/useMayDo';
import { LeftOut } from './parts/LeftOut';
import { Approvals } from './parts/Approvals';
import { ManifestCounts } from './parts/ManifestCounts';
import { Selection } from './parts/Selection';
import { ShareGptExport } from './parts/ShareGptExport';
import { SnapshotFiles } from './parts/SnapshotFiles';
import { hasFiles, inProgress, shownState } from './snapshot-model';

function Lead({ snapshot }: { snapshot: SnapshotDetail }) {
  const translate = useTranslate();
  return (
    <RehearsalMark when={snapshot.rehearsal === true}>
      {translate(`resources.snapshots.kinds.${snapshot.kind}`)} · <StateChip state={shownState(snapshot.state)} />{' '}
      <When at={snapshot.frozenAt ?? snapshot.createdAt} />
    </RehearsalMark>
  );
}

function Actions({ snapshot }: { snapshot: SnapshotDetail }) {
  const translate = useTranslate();
  const may = useMayDo();
  if (!hasFiles(snapshot)) return null;
  return (
    <>
      {may('snapshots', 'delete') && <WithdrawButton resource="snapshots" id={snapshot.id} />}
      {may('runs', 'create') && (
        <Button variant="contained" component={Link} to={`/runs/create?snapshot=${snapshot.id}`}>
          {translate('resources.snapshots.train')}
        </Button>
      )}
    </>
  );
}

/** Why there are no files yet, or no more. */
function Fate({ snapshot }: { snapshot: SnapshotDetail }) {
  const translate = useTranslate();
  const words = (key: string, values?: object) => translate(`resources.snapshots.${key}`, values);
  if (snapshot.state === 'failed') {
    return (
      <Alert severity="error" variant="outlined">
        <ReasonText failure={snapshot.failure ?? ''} sentence="resources.snapshots.failed" />
      </Alert>
    );
  }
  if (snapshot.state !== 'withdrawn') return null;
  return (
    <Alert severity="warning" variant="outlined">
      {words('withdrawn')}{' '}
      {snapshot.successorId && <Link to={`/snapshots/${snapshot.successorId}/show`}>{words('successor')}</Link>}
    </Alert>
  );
}

/** What a snapshot holds, what stayed out, its files; while it is being frozen, how far that is. */
export default function SnapshotShow() {
  const translate = useTranslate();
  const { id = '' } = useParams();
  const { data: snapshot, error, refetch } = useGetOne<SnapshotDetail>('snapshots', { id });
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!snapshot) return <RowsSkeleton rows={6} />;
  const { manifest } = snapshot;
  const convertible = snapshot.kind === 'sft' || snapshot.kind === 'preference';
  return (
    <Box sx={{ display: 'grid', gap: 2 }}>
      <PageHeader
        title={translate('resources.snapshots.title', { name: snapshot.name, version: snapshot.version })}
        lead={<Lead snapshot={snapshot} />}
        actions={<Actions snapshot={snapshot} />}
      />
      <Fate snapshot={snapshot} />
      {inProgress(snapshot) && (
        <ProgressCard
          title={translate('run_state.freezing')}
          state={shownState(snapshot.state)}
          done={snapshot.done}
          total={snapshot.total || null}
        >
          {snapshot.state === 'draft' && <span>{translate('resources.snapshots.waiting')}</span>}
        </ProgressCard>
      )}
      {snapshot.digest && <CopyOnce label={translate('resources.snapshots.digest')} value={snapshot.digest} />}
      <Selection snapshot={snapshot} />
      {manifest && (
        <>
          <ManifestCounts manifest={manifest} />
          <Approvals manifest={manifest} />
          <LeftOut snapshot={snapshot} manifest={manifest} />
          <SnapshotFiles snapshot={snapshot} manifest={manifest} />
          {convertible && hasFiles(snapshot) && <ShareGptExport snapshotId={snapshot.id} />}
        </>
      )}
    </Box>
  );
}
