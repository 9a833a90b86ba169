import Typography from '@mui/material/Typography';
import type { ReferenceTask, SubmitReferenceReply } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { durationWords } from '../components/number-words';
import { NotYet, SittingRoom } from '../sitting/frame/SittingRoom';
import type { Place } from '../sitting/sitting';
import { useHotkeys } from '../sitting/keys/useHotkeys';
import { useSecondsEach, useSitting } from '../sitting/useSitting';
import { useSkip } from '../sitting/useSkip';
import { doctorKeys } from './logic/keys';
import { Dialogue } from './parts/Dialogue';
import { ReferenceInputs } from './parts/ReferenceInputs';
import { SittingBar } from './parts/SittingBar';
import { SittingEnd } from './parts/SittingEnd';
import { SittingFrame } from './parts/SittingFrame';
import { UndoLast } from './parts/UndoLast';
import { type DoctorState, FIRST_GUESS, referenceKind, type ReferenceWords } from './session/kinds';

type State = DoctorState<ReferenceTask, ReferenceWords, SubmitReferenceReply>;

function ReferenceEnd({ state, onUndo }: { state: State; onUndo: () => void }) {
  const translate = useTranslate();
  const { done, skipped, seconds } = state.tally;
  return (
    <SittingEnd did={done.length + skipped > 0} closed={state.closed}>
      <Typography>
        {translate('resources.doctor-work.did_references', { n: done.length, time: durationWords(seconds, translate) })}
      </Typography>
      <Typography>{translate('resources.doctor-work.use_of_references')}</Typography>
      <UndoLast answerId={state.last?.answerId} disabled={state.busy !== null} onUndo={onUndo} />
    </SittingEnd>
  );
}

function Questions({ place }: { place: Place }) {
  const translate = useTranslate();
  const { sitting, state } = useSitting(referenceKind, place);
  const secondsEach = useSecondsEach(place.taskSetId) ?? FIRST_GUESS.reference;
  const { task, words, phase, busy, lost } = state;
  const written = words !== null && (words.kind === 'cannot_answer' || words.text.trim() !== '');
  const ready = written && (!task?.exposed || words.afterExposure);
  const submit = () => void (ready && sitting.submit(null));
  const { skip, asking, dialog } = useSkip(sitting);
  const undo = () => void sitting.undo();
  useHotkeys(
    doctorKeys,
    (command) => {
      if (command === 'submit') submit();
      else if (command === 'skip') skip();
      else if (command === 'undo') undo();
    },
    !asking && (phase === 'working' || phase === 'finished'),
  );

  if (phase === 'finished') return <ReferenceEnd state={state} onUndo={undo} />;
  if (phase === 'error' || !task || !words) {
    return <NotYet failure={phase === 'error' ? state.failure : null} onRetry={() => void sitting.open()} />;
  }
  return (
    <SittingFrame
      slot={task.slot}
      secondsEach={secondsEach}
      save={state.save}
      question={translate('resources.doctor-work.ask_reference')}
      bar={
        <SittingBar
          submitWord={translate('resources.doctor-work.submit')}
          ready={ready}
          state={state}
          onSubmit={submit}
          onSkip={skip}
          onGoOn={() => void sitting.open()}
        />
      }
    >
      <Dialogue prompt={task.prompt} />
      <ReferenceInputs
        key={task.slot.id}
        words={words}
        exposed={task.exposed}
        disabled={lost !== null}
        onChange={(changes) => sitting.write(changes)}
      />
      <UndoLast answerId={state.last?.answerId} disabled={busy !== null} onUndo={undo} />
      {dialog}
    </SittingFrame>
  );
}

/** A doctor answers one question after the other, before seeing what any model made of them. */
export default function ReferencePage() {
  return <SittingRoom>{(place) => <Questions key={place.taskSetId} place={place} />}</SittingRoom>;
}
