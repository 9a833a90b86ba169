import { DragDropContext, Draggable, Droppable, type DropResult } from '@hello-pangea/dnd';
import Box from '@mui/material/Box';
import type { RankingTask } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { RehearsalMark } from '../../dialogue/RehearsalMark';
import { drop, laidOut, move, rankOf, tap, tie } from '../logic/ranking-order';
import type { RankingWords } from '../session/kinds';
import { CandidateCard } from './CandidateCard';

interface Props {
  task: RankingTask;
  words: RankingWords;
  disabled: boolean;
  onChange: (changes: Partial<RankingWords>) => void;
}

/** The answers: those with a place on top, from best to worst, the others below in the order drawn for this doctor. */
export function Candidates({ task, words, disabled, onChange }: Props) {
  const translate = useTranslate();
  const say = (key: string, facts?: object) => translate(`resources.doctor-work.${key}`, facts);
  const { order, bad } = words;
  const keys = task.candidates.map(({ key }) => key);
  const candidate = new Map(
    task.candidates.map(({ key, text }, i) => [key, { text, aiRank: task.aiRanks?.[i] ?? null }]),
  );
  const groupOf = (key: string) => order.find((group) => group.includes(key));
  const dropped = ({ draggableId, destination }: DropResult) => {
    if (destination) onChange({ order: drop(order, keys, draggableId, destination.index) });
  };
  return (
    <RehearsalMark when={task.rehearsal}>
      <DragDropContext
        dragHandleUsageInstructions={say('how_to_drag')}
        onDragStart={({ draggableId }, { announce }) => announce(say('dragging', { letter: draggableId }))}
        onDragUpdate={({ destination }, { announce }) =>
          announce(destination ? say('place', { rank: destination.index + 1 }) : say('drag_ended'))
        }
        onDragEnd={(result, { announce }) => {
          announce(result.destination ? say('place', { rank: result.destination.index + 1 }) : say('drag_ended'));
          dropped(result);
        }}
      >
        <Droppable droppableId="candidates">
          {({ innerRef, droppableProps, placeholder }) => (
            <Box component="ol" ref={innerRef} {...droppableProps} sx={{ m: 0, p: 0 }}>
              {laidOut(order, keys).map((key, index) => {
                const tied = (groupOf(key)?.length ?? 0) > 1;
                const rank = rankOf(order, key);
                return (
                  <Draggable key={key} draggableId={key} index={index} isDragDisabled={disabled}>
                    {(drag, { isDragging }) => (
                      <CandidateCard
                        drag={drag}
                        isDragging={isDragging}
                        letter={key}
                        text={candidate.get(key)!.text}
                        rank={rank}
                        aiRank={candidate.get(key)!.aiRank}
                        bad={bad.includes(key)}
                        tied={tied}
                        canTie={tied || (rank !== null && rank > 1)}
                        disabled={disabled}
                        onTap={() => onChange({ order: tap(order, key) })}
                        onTie={() => onChange({ order: tie(order, key) })}
                        onMove={(by) => onChange({ order: move(order, key, by) })}
                        onBad={() =>
                          onChange({ bad: bad.includes(key) ? bad.filter((other) => other !== key) : [...bad, key] })
                        }
                      />
                    )}
                  </Draggable>
                );
              })}
              {placeholder}
            </Box>
          )}
        </Droppable>
      </DragDropContext>
    </RehearsalMark>
  );
}
