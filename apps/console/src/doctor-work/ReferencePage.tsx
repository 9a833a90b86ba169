import Typography from '@mui/material/Typography';
import type { ReferenceTask, SubmitReferenceReply } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { durationWords } from '../components/number-words';
import type { Place } from '../sitting/sitting';
import { useHotkeys } from '../sitting/keys/useHotkeys';
import { useSecondsEach, useSitting } from '../sitting/useSitting';
import { doctorKeys } from './logic/keys';
import { Dialogue } from './parts/Dialogue';
import { ReferenceInputs } from './parts/ReferenceInputs';
import { SittingBar } from './parts/SittingBar';
import { SittingEnd } from './parts/SittingEnd';
import { SittingFrame } from './parts/SittingFrame';
import { NotYet, SittingRoom } from './parts/SittingRoom';
import { type DoctorState, FIRST_GUESS, referenceKind, type ReferenceWords } from './session/kinds';

function ReferenceEnd({ state }: { state: DoctorState<ReferenceTask, ReferenceWords, SubmitReferenceReply> }) {
  const translate = useTranslate();
  const { done, skipped, seconds } = state.tally;
  const last = done.findLast((reply) => reply.reference)?.reference;
  return (
    <SittingEnd did={done.length + skipped > 0}>
      <Typography>
        {translate('resources.doctor-work.did_references', { n: done.length, time: durationWords(seconds, translate) })}
      </Typography>
      <Typography>{translate('resources.doctor-work.use_of_references')}</Typography>
      {last && (
        <Link to={`/work/references/${last.id}`} style={{ color: 'inherit' }}>
          {translate('resources.doctor-work.revise_last')}
        </Link>
      )}
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
  const skip = () => void sitting.skip();
  useHotkeys(
    doctorKeys,
    (command) => (command === 'submit' ? submit() : command === 'skip' && skip()),
    phase === 'working',
  );

  if (phase === 'finished') return <ReferenceEnd state={state} />;
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
          busy={busy !== null}
          failure={state.failure}
          lost={lost}
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
    </SittingFrame>
  );
}

/** A doctor answers one question after the other, before seeing what any model made of them. */
export default function ReferencePage() {
  return <SittingRoom>{(place) => <Questions key={place.taskSetId} place={place} />}</SittingRoom>;
}
