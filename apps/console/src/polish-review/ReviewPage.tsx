import Box from '@mui/material/Box';
import { useEffect, useState } from 'react';
import { useTranslate } from 'react-admin';
import { useParams } from 'react-router-dom';
import { DemoBanner } from '../components/DemoBanner';
import { DiskNotice } from '../components/DiskNotice';
import { ErrorState } from '../listing/ErrorState';
import { usePerson, useProject } from '../session/useSession';
import { useHotkeys } from '../sitting/keys/useHotkeys';
import { useSecondsEach, useSitting } from '../sitting/useSitting';
import { reviewKeys } from './logic/keyboard';
import { EndOfQueue } from './parts/EndOfQueue';
import type { View } from './parts/Exchange';
import { FateLine } from './parts/FateLine';
import { Notices } from './parts/Notices';
import { ReviewHeader } from './parts/ReviewHeader';
import { ReviewSkeleton } from './parts/ReviewSkeleton';
import { Workbench } from './parts/Workbench';
import { polishKind } from './session/polish-kind';

function Room({ taskSetId, projectSlug }: { taskSetId: string; projectSlug: string }) {
  const translate = useTranslate();
  const person = usePerson();
  const { sitting: desk, state } = useSitting(polishKind, { taskSetId, projectSlug, personId: person.id });
  const secondsEach = useSecondsEach(taskSetId);
  const [view, setView] = useState<View>('diff');
  const [help, setHelp] = useState(false);
  const { task, phase, last } = state;
  const name = task?.slot.taskSetName;

  useEffect(() => {
    document.title = [name, translate('app.name')].filter(Boolean).join(' · ');
  }, [name, translate]);
  // At the end of the queue the bar is gone, but the last submission can still be taken back.
  useHotkeys(reviewKeys, (command) => command === 'undo' && void desk.undo(), phase === 'finished');

  if (phase === 'finished') return <EndOfQueue state={state} onUndo={() => void desk.undo()} />;
  if (phase === 'error') {
    return (
      <Box component="main" sx={{ maxWidth: 640, mx: 'auto', p: 3, width: '100%' }}>
        <ErrorState error={state.failure} onRetry={() => void desk.open()} />
      </Box>
    );
  }
  if (!task) return <ReviewSkeleton />;
  const { slot } = task;
  return (
    <>
      <ReviewHeader {...{ slot, secondsEach, view }} save={state.save} onView={setView} onHelp={() => setHelp(true)} />
      <Workbench
        key={`${slot.id}.${slot.fencingToken}`}
        {...{ desk, state, task, view, help }}
        onHelp={setHelp}
        notices={
          <>
            <FateLine
              serial={last?.serial ?? 0}
              words={
                last &&
                translate(`resources.polish-review.fates.${last.reply ? (last.reply.fate ?? 'stored') : 'skipped'}`)
              }
            />
            <Notices state={state} onGoOn={() => void desk.open()} />
          </>
        }
      />
    </>
  );
}

/** Review of polished replies, one record after the other. Draws its own frame: nothing but the work. */
export default function ReviewPage() {
  const { taskSetId } = useParams();
  const project = useProject();
  if (!taskSetId || !project) return null;
  return (
    <Box sx={{ height: '100dvh', display: 'flex', flexDirection: 'column', bgcolor: 'background.default' }}>
      <DemoBanner />
      <DiskNotice />
      <Room key={taskSetId} taskSetId={taskSetId} projectSlug={project.slug} />
    </Box>
  );
}
