import Paper from '@mui/material/Paper';
import Typography from '@mui/material/Typography';
import { useMemo } from 'react';
import { useTranslate } from 'react-admin';
import { durationWords } from '../components/number-words';
import { TurnList } from '../dialogue/TurnList';
import { NotYet, SittingRoom } from '../sitting/frame/SittingRoom';
import { useHotkeys } from '../sitting/keys/useHotkeys';
import type { Place } from '../sitting/sitting';
import { useSecondsEach, useSitting } from '../sitting/useSitting';
import { useSkip } from '../sitting/useSkip';
import { questionTurns } from '../suites/question-turns';
import { lettered } from './logic/keys';
import { PairSides } from './parts/PairSides';
import { SittingBar } from './parts/SittingBar';
import { SittingEnd } from './parts/SittingEnd';
import { SittingFrame } from './parts/SittingFrame';
import { UndoLast } from './parts/UndoLast';
import { VerdictChoice, verdictKeys } from './parts/VerdictChoice';
import { blindKind, type BlindState } from './session/blind-kind';

const FIRST_GUESS_SECONDS = 60;

/** What was said last, and how to take it back. */
function LastVerdict({ state, onUndo }: { state: BlindState; onUndo: () => void }) {
  const translate = useTranslate();
  const said = state.tally.verdicts.at(-1);
  if (!said) return null;
  const what = translate(`resources.doctor-work.pair_verdicts.${said}`);
  return <UndoLast answerId={state.last?.answerId} what={what} disabled={state.busy !== null} onUndo={onUndo} />;
}

function BlindEnd({ state, onUndo }: { state: BlindState; onUndo: () => void }) {
  const translate = useTranslate();
  const say = (key: string, facts?: object) => translate(`resources.doctor-work.${key}`, facts);
  const { verdicts, skipped, seconds } = state.tally;
  const counts = Object.values(verdictKeys)
    .map((verdict) => ({ verdict, n: verdicts.filter((each) => each === verdict).length }))
    .filter(({ n }) => n > 0)
    .map(({ verdict, n }) => `${say(`pair_verdicts.${verdict}`)} ${n}`);
  return (
    <SittingEnd did={verdicts.length + skipped > 0} closed={state.closed}>
      <Typography>{say('did_pairs', { n: verdicts.length, time: durationWords(seconds, translate) })}</Typography>
      <Typography>{counts.join(' · ')}</Typography>
      <Typography>{say('use_of_pairs')}</Typography>
      <LastVerdict state={state} onUndo={onUndo} />
    </SittingEnd>
  );
}

function Questions({ place }: { place: Place }) {
  const translate = useTranslate();
  const say = (key: string) => translate(`resources.doctor-work.${key}`);
  const { sitting, state } = useSitting(blindKind, place);
  const secondsEach = useSecondsEach(place.taskSetId) ?? FIRST_GUESS_SECONDS;
  const { task, words, phase, lost } = state;
  const ready = Boolean(words?.verdict);
  const submit = () => void (words?.verdict && sitting.submit(words.verdict));
  const { skip, asking, dialog } = useSkip(sitting);
  const undo = () => void sitting.undo();
  const keys = useMemo(() => lettered(Object.keys(verdictKeys) as (keyof typeof verdictKeys)[]), []);
  useHotkeys(
    keys,
    (command) => {
      if (command === 'submit') submit();
      else if (command === 'skip') skip();
      else if (command === 'undo') undo();
      else sitting.write({ verdict: verdictKeys[command] });
    },
    !asking && (phase === 'working' || phase === 'finished'),
  );

  if (phase === 'finished') return <BlindEnd state={state} onUndo={undo} />;
  if (phase === 'error' || !task || !words) {
    return <NotYet failure={phase === 'error' ? state.failure : null} onRetry={() => void sitting.open()} />;
  }
  return (
    <SittingFrame
      wide
      slot={task.slot}
      secondsEach={secondsEach}
      save={state.save}
      question={say('ask_pair')}
      bar={
        <SittingBar
          submitWord={say(ready ? 'submit' : 'choose_first')}
          ready={ready}
          state={state}
          onSubmit={submit}
          onSkip={skip}
          onGoOn={() => void sitting.open()}
        />
      }
    >
      <Paper variant="outlined" sx={{ p: 2 }}>
        <TurnList turns={questionTurns(task.messages)} />
      </Paper>
      <Typography sx={{ color: 'text.secondary' }}>{say('how_to_pair')}</Typography>
      <PairSides task={task} />
      <VerdictChoice words={words} disabled={lost !== null} onChange={(changes) => sitting.write(changes)} />
      <LastVerdict state={state} onUndo={undo} />
      {dialog}
    </SittingFrame>
  );
}

/** A doctor says which of two answers is better, without knowing whose they are. */
export default function BlindPairPage() {
  return <SittingRoom>{(place) => <Questions key={place.taskSetId} place={place} />}</SittingRoom>;
}
