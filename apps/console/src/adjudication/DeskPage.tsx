import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { useEffect } from 'react';
import { useTranslate } from 'react-admin';
import { useSearchParams } from 'react-router-dom';
import { durationWords } from '../components/number-words';
import { SittingEnd } from '../doctor-work/parts/SittingEnd';
import { FateLine } from '../polish-review/parts/FateLine';
import { Notices } from '../polish-review/parts/Notices';
import { ReviewSkeleton } from '../polish-review/parts/ReviewSkeleton';
import { SittingHeader, SittingTitle } from '../sitting/frame/SittingHeader';
import { NotYet, SittingRoom } from '../sitting/frame/SittingRoom';
import { useHotkeys } from '../sitting/keys/useHotkeys';
import { isMac, keysOf } from '../sitting/keys/keyboard';
import type { Place } from '../sitting/sitting';
import { useSitting } from '../sitting/useSitting';
import { Bench } from './parts/Bench';
import { adjudicationKind, type AdjudicationState } from './session/adjudication-kind';
import { deskKeys } from './session/keys';

function Head({ task, save }: { task: NonNullable<AdjudicationState['task']>; save: AdjudicationState['save'] }) {
  const translate = useTranslate();
  const { slot } = task;
  const say = (key: string, options?: object) => translate(`resources.adjudications.${key}`, options);
  return (
    <SittingHeader
      back={{ to: '/adjudications', name: translate('resources.adjudications.name', { smart_count: 2 }) }}
      save={save}
    >
      <SittingTitle>{say('desk_title', { name: task.taskSetName })}</SittingTitle>
      <Box sx={{ color: 'text.secondary' }}>
        {say(`whys.${task.why}`)} · {say('position', { at: slot.done + 1, of: slot.done + slot.waiting })}
      </Box>
    </SittingHeader>
  );
}

function Room({ place }: { place: Place }) {
  const translate = useTranslate();
  const { sitting: desk, state } = useSitting(adjudicationKind, place);
  const { task, phase, last, tally, busy } = state;
  const say = (key: string, options?: object) => translate(`resources.adjudications.${key}`, options);
  useEffect(() => {
    document.title = `${say('desk_title', { name: task?.taskSetName ?? '' })} · ${translate('app.name')}`;
  }, [task?.taskSetName]);
  useHotkeys(deskKeys, (command) => command === 'undo' && void desk.undo(), phase === 'finished');

  if (phase === 'finished') {
    return (
      <SittingEnd did={tally.done + tally.skipped > 0} closed={state.closed}>
        <span>{say('did', { n: tally.done, time: durationWords(tally.seconds, translate) })}</span>
        {last?.answerId && (
          <Button variant="outlined" disabled={busy !== null} onClick={() => void desk.undo()}>
            {say('commands.undo')} {keysOf('undo', isMac(), deskKeys)}
          </Button>
        )}
      </SittingEnd>
    );
  }
  if (phase === 'error') return <NotYet failure={state.failure} onRetry={() => void desk.open()} />;
  if (!task) return <ReviewSkeleton />;
  const fate = last && say(`fates.${last.reply ? (last.reply.outcome ?? 'chosen') : 'skipped'}`);
  return (
    <>
      <Head task={task} save={state.save} />
      <Bench
        key={`${task.slot.id}.${task.slot.fencingToken}`}
        {...{ desk, state, task }}
        notices={
          <>
            <FateLine serial={last?.serial ?? 0} words={fate} />
            <Notices state={state} onGoOn={() => void desk.open()} />
          </>
        }
      />
    </>
  );
}

/** The desk at which one decides, one task after the other; the one named in the address comes first. */
export default function DeskPage() {
  const [search] = useSearchParams();
  const wanted = search.get('task');
  const first = wanted ? { first: `/work/adjudications/${wanted}/take` } : {};
  return (
    <SittingRoom>{(place) => <Room key={`${place.taskSetId} ${wanted}`} place={{ ...place, ...first }} />}</SittingRoom>
  );
}
