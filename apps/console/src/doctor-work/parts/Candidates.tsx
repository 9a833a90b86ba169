import Box from '@mui/material/Box';
import type { RankingTask } from '@qingnang/contracts';
import { RehearsalMark } from '../../dialogue/RehearsalMark';
import { move, rankOf, tap, tie } from '../logic/ranking-order';
import type { RankingWords } from '../session/kinds';
import { CandidateCard } from './CandidateCard';

interface Props {
  task: RankingTask;
  words: RankingWords;
  disabled: boolean;
  onChange: (changes: Partial<RankingWords>) => void;
}

/** The answers in the order drawn for this doctor. They stay where they are while places are given. */
export function Candidates({ task, words, disabled, onChange }: Props) {
  const { order, bad } = words;
  const groupOf = (key: string) => order.find((group) => group.includes(key));
  return (
    <RehearsalMark when={task.rehearsal}>
      <Box component="ol" sx={{ m: 0, p: 0, display: 'grid', gap: 1.5 }}>
        {task.candidates.map(({ key, text }, i) => {
          const tied = (groupOf(key)?.length ?? 0) > 1;
          const rank = rankOf(order, key);
          return (
            <CandidateCard
              key={key}
              letter={key}
              text={text}
              rank={rank}
              aiRank={task.aiRanks?.[i] ?? null}
              bad={bad.includes(key)}
              tied={tied}
              canTie={tied || (rank !== null && rank > 1)}
              disabled={disabled}
              onTap={() => onChange({ order: tap(order, key) })}
              onTie={() => onChange({ order: tie(order, key) })}
              onMove={(by) => onChange({ order: move(order, key, by) })}
              onBad={() => onChange({ bad: bad.includes(key) ? bad.filter((other) => other !== key) : [...bad, key] })}
            />
          );
        })}
      </Box>
    </RehearsalMark>
  );
}
