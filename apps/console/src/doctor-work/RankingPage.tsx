import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import type { RankingTask, SubmitRankingReply } from '@qingnang/contracts';
import { useCallback } from 'react';
import { useTranslate } from 'react-admin';
import { durationWords } from '../components/number-words';
import { orderFrom, sameOrder, tap } from './logic/ranking-order';
import { Candidates } from './parts/Candidates';
import { Dialogue } from './parts/Dialogue';
import { SittingBar } from './parts/SittingBar';
import { SittingEnd } from './parts/SittingEnd';
import { SittingFrame } from './parts/SittingFrame';
import { NotYet, type Place, SittingRoom } from './parts/SittingRoom';
import { rankingSitting, type RankingWords } from './session/kinds';
import type { Sitting, SittingState } from './session/sitting';
import { useSecondsEach, useSitting } from './session/useSitting';
import { useSittingKeys } from './session/useSittingKeys';

type State = SittingState<RankingTask, RankingWords, SubmitRankingReply>;

function RankingEnd({ state: { done, skipped, seconds } }: { state: State }) {
  const translate = useTranslate();
  const pairs = done.reduce((sum, reply) => sum + (reply.pairs ?? 0), 0);
  return (
    <SittingEnd did={done.length + skipped > 0}>
      <Typography>
        {translate('resources.doctor-work.did_rankings', { n: done.length, time: durationWords(seconds, translate) })}
      </Typography>
      <Typography>{translate('resources.doctor-work.use_of_rankings', { pairs })}</Typography>
    </SittingEnd>
  );
}

/** Tap by letter, hand in and skip by key. */
function useRankingKeys(sitting: Sitting<RankingTask, RankingWords, SubmitRankingReply>, state: State, ready: boolean) {
  const submit = useCallback(() => void (ready && sitting.submit()), [ready, sitting]);
  const skip = useCallback(() => void sitting.skip(), [sitting]);
  const letter = useCallback(
    (pressed: string) => {
      const { task, words } = sitting.getState();
      const key = pressed.toUpperCase();
      if (words && task?.candidates.some((candidate) => candidate.key === key)) {
        sitting.write({ order: tap(words.order, key) });
      }
    },
    [sitting],
  );
  useSittingKeys({ onSubmit: submit, onSkip: skip, onLetter: letter, enabled: state.phase === 'working' });
  return { submit, skip };
}

function Questions({ place }: { place: Place }) {
  const translate = useTranslate();
  const say = (key: string, facts?: object) => translate(`resources.doctor-work.${key}`, facts);
  const { sitting, state } = useSitting<RankingTask, RankingWords, SubmitRankingReply>(rankingSitting, place);
  const secondsEach = useSecondsEach(place.taskSetId, 'ranking');
  const { task, words, phase, lost } = state;
  const ready = task !== null && words?.order.flat().length === task.candidates.length;
  const { submit, skip } = useRankingKeys(sitting, state, ready);

  if (phase === 'finished') return <RankingEnd state={state} />;
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
          busy={state.busy}
          failure={state.failure}
          lost={lost}
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
    </SittingFrame>
  );
}

/** A doctor puts answers in order: blind, or looking over the AI's order. */
export default function RankingPage() {
  return <SittingRoom>{(place) => <Questions key={place.taskSetId} place={place} />}</SittingRoom>;
}
