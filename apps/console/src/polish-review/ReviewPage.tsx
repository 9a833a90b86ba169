import { useEffect, useState } from 'react';
import { useTranslate } from 'react-admin';
import { NotYet, SittingRoom } from '../sitting/frame/SittingRoom';
import { useHotkeys } from '../sitting/keys/useHotkeys';
import type { Place } from '../sitting/sitting';
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

function Room({ place }: { place: Place }) {
  const translate = useTranslate();
  const { sitting: desk, state } = useSitting(polishKind, place);
  const secondsEach = useSecondsEach(place.taskSetId);
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
  if (phase === 'error') return <NotYet failure={state.failure} onRetry={() => void desk.open()} />;
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
  return <SittingRoom>{(place) => <Room key={place.taskSetId} place={place} />}</SittingRoom>;
}
