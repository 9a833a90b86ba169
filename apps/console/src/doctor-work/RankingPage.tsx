import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import type { RankingTask, SubmitRankingReply } from '@qingnang/contracts';
import { useMemo } from 'react';
import { useTranslate } from 'react-admin';
import { durationWords } from '../components/number-words';
import { NotYet, SittingRoom } from '../sitting/frame/SittingRoom';
import type { Place } from '../sitting/sitting';
import { useHotkeys } from '../sitting/keys/useHotkeys';
import { useSecondsEach, useSitting } from '../sitting/useSitting';
import { useSkip } from '../sitting/useSkip';
import { lettered } from './logic/keys';
import { orderFrom, sameOrder, tap } from './logic/ranking-order';
import { Candidates } from './parts/Candidates';
import { Dialogue } from './parts/Dialogue';
import { SittingBar } from './parts/SittingBar';
import { SittingEnd } from './parts/SittingEnd';
import { SittingFrame } from './parts/SittingFrame';
import { UndoLast } from './parts/UndoLast';
import { type DoctorSitting, type DoctorState, FIRST_GUESS, rankingKind, type RankingWords } from './session/kinds';

type State = DoctorState<RankingTask, RankingWords, SubmitRankingReply>;

function RankingEnd({ state, onUndo }: { state: State; onUndo: () => void }) {
  const translate = useTranslate();
  const { done, skipped, seconds } = state.tally;
  const pairs = done.reduce((sum, reply) => sum + (reply.pairs ?? 0), 0);
  return (
    <SittingEnd did={done.length + skipped > 0} closed={state.closed}>
      <Typography>
        {translate('resources.doctor-work.did_rankings', { n: done.length, time: durationWords(seconds, translate) })}
      </Typography>
      <Typography>{translate('resources.doctor-work.use_of_rankings', { pairs })}</Typography>
      <UndoLast answerId={state.last?.answerId} disabled={state.busy !== null} onUndo={onUndo} />
    </SittingEnd>
  );
}

/** Tap by letter, hand in and skip by key. */
function useRankingKeys(
  sitting: DoctorSitting<RankingTask, RankingWords, SubmitRankingReply>,
  { task, words, phase }: State,
  ready: boolean,
) {
  const letters = task?.candidates.map((candidate) => candidate.key).join('') ?? '';
  const keys = useMemo(() => lettered([...letters]), [letters]);
  const submit = () => void (ready && sitting.submit(null));
  const { skip, asking, dialog } = useSkip(sitting);
  const undo = () => void sitting.undo();
  useHotkeys(
    keys,
    (command) => {
      if (command === 'submit') submit();
      else if (command === 'skip') skip();
      else if (command === 'undo') undo();
      else if (words && letters.includes(command)) sitting.write({ order: tap(words.order, command) });
    },
    !asking && (phase === 'working' || phase === 'finished'),
  );
  return { submit, skip, undo, dialog };
}

function Questions({ place }: { place: Place }) {
  const translate = useTranslate();
  const say = (key: string, facts?: object) => translate(`resources.doctor-work.${key}`, facts);
  const { sitting, state } = useSitting(rankingKind, place);
  const secondsEach = useSecondsEach(place.taskSetId) ?? FIRST_GUESS.ranking;
  const { task, words, phase, lost } = state;
  const ready = task !== null && words?.order.flat().length === task.candidates.length;
  const { submit, skip, undo, dialog } = useRankingKeys(sitting, state, ready);

  if (phase === 'finished') return <RankingEnd state={state} onUndo={undo} />;
  if (phase === 'error' || !task || !words) {
    return <NotYet failure={phase === 'error' ? state.failure : null} onRetry={() => void sitting.open()} />;
  }
  const { candidates, aiRanks } = task;
  const ai =
    aiRanks &&
    orderFrom(
      candidates.map((candidate) => candidate.key),
      aiRanks,
    );
  const confirms = ai !== null && sameOrder(ai, words.order);
  return (
    <SittingFrame
      slot={task.slot}
      secondsEach={secondsEach}
      save={state.save}
      question={say(ai ? 'ask_confirm' : 'ask_ranking')}
      bar={
        <SittingBar
          submitWord={say(confirms ? 'confirm' : ready ? 'submit_order' : 'rank_all', {
            n: candidates.length - words.order.flat().length,
          })}
          ready={ready}
          state={state}
          onSubmit={submit}
          onSkip={skip}
          onGoOn={() => void sitting.open()}
        />
      }
    >
      <Dialogue prompt={task.prompt} />
      <Typography sx={{ color: 'text.secondary' }}>{say(ai ? 'how_to_confirm' : 'how_to_rank')}</Typography>
      {candidates.length === 0 && <Alert severity="info">{say('no_candidates')}</Alert>}
      <Candidates task={task} words={words} disabled={lost !== null} onChange={(changes) => sitting.write(changes)} />
      {words.order.length > 0 && (
        <Button onClick={() => sitting.write({ order: [] })} sx={{ justifySelf: 'start', minHeight: 44 }}>
          {say('begin_again')}
        </Button>
      )}
      <UndoLast answerId={state.last?.answerId} disabled={state.busy !== null} onUndo={undo} />
      {dialog}
    </SittingFrame>
  );
}

/** A doctor puts answers in order: blind, or looking over the AI's order. */
export default function RankingPage() {
  return <SittingRoom>{(place) => <Questions key={place.taskSetId} place={place} />}</SittingRoom>;
}
