import Box from '@mui/material/Box';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import type { AdjudicationTask } from '@qingnang/contracts';
import { useEffect, useState } from 'react';
import { useTranslate } from 'react-admin';
import { ConfirmNotice } from '../../polish-review/parts/ConfirmNotice';
import { Exchange } from '../../polish-review/parts/Exchange';
import { exchangesOf } from '../../polish-review/parts/exchanges';
import { useComparisons } from '../../polish-review/session/useComparisons';
import { useEditors } from '../../polish-review/session/useEditors';
import { useAskedByServer, useReviewedTurns, useWalk, type Walk } from '../../polish-review/session/useWalk';
import { ActionBar } from '../../sitting/keys/ActionBar';
import { isMac, keysOf } from '../../sitting/keys/keyboard';
import { useHotkeys } from '../../sitting/keys/useHotkeys';
import { SkipDialog } from '../../sitting/SkipDialog';
import { type AdjudicationDesk, type AdjudicationState, changedTurns, takeAnswer } from '../session/adjudication-kind';
import { type DeskCommand, deskKeys, useCommands } from '../session/keys';
import { AnswerCards } from './AnswerCards';
import { AskDialog, type Asked } from './AskDialog';
import { Notes } from './Notes';

interface Props {
  desk: AdjudicationDesk;
  state: AdjudicationState;
  task: AdjudicationTask;
  notices: React.ReactNode;
}

const actions = ['submit', 'return', 'hand_on', 'reject', 'skip', 'undo'] as const;
const NO_TEXTS: Record<number, string> = {};
const NO_FACTS: readonly string[] = [];

interface Commands {
  desk: AdjudicationDesk;
  task: AdjudicationTask;
  walk: Walk;
  ask: (question: Asked | 'skip') => void;
}

/** What each command does. */
function commandsOf({ desk, task, walk, ask }: Commands): (command: DeskCommand) => void {
  const decide = () => {
    const texts = Object.values(desk.getState().words?.texts ?? {});
    if (texts.some((text) => text.trim() === '')) desk.refuse('answer.text_missing');
    else void desk.submit({ verdict: 'decide' });
  };
  const acts: Partial<Record<DeskCommand, () => void>> = {
    submit: () => walk.handIn(decide),
    undo: () => void desk.undo(),
    next_change: () => walk.step(1),
    previous_change: () => walk.step(-1),
    keep: walk.keep,
    revert: walk.revert,
    skip: () => (desk.hasWritten() ? ask('skip') : void desk.skip()),
    reject: () => ask('reject'),
    return: () => ask('return'),
    hand_on: () => ask('hand_on'),
  };
  return (command) => {
    const answer = task.answers[useCommands.indexOf(command as (typeof useCommands)[number])];
    if (answer) takeAnswer(desk, answer);
    else acts[command]?.();
  };
}

interface DialogProps extends Pick<Commands, 'desk' | 'task'> {
  asked: Asked | 'skip' | null;
  comment: string;
  onClose: () => void;
}

function Dialogs({ asked, onClose, ...rest }: DialogProps) {
  if (asked === null) return null;
  if (asked !== 'skip') return <AskDialog {...{ asked, onClose }} {...rest} />;
  const skip = () => {
    onClose();
    void rest.desk.skip();
  };
  return <SkipDialog onStay={onClose} onSkip={skip} />;
}

/** One task: everybody's answers, the words as they will stand, and what to do. Give it the slot's id and round as key. */
export function Bench({ desk, state, task, notices }: Props) {
  const translate = useTranslate();
  const say = (key: string) => translate(`resources.adjudications.${key}`);
  const [asked, setAsked] = useState<Asked | 'skip' | null>(null);
  const { words } = state;
  const writeTurn = (n: number, text: string) => desk.write({ texts: { ...desk.getState().words?.texts, [n]: text } });
  const editors = useEditors(writeTurn);
  const comparisons = useComparisons(task, words?.texts ?? NO_TEXTS);
  const turns = useReviewedTurns(state, comparisons);
  const walk = useWalk(turns, editors, {
    confirmed: words?.confirmed ?? NO_FACTS,
    onConfirm: (name) => desk.write({ confirmed: [...(desk.getState().words?.confirmed ?? []), name] }),
  });
  const locked = state.busy !== null || state.lost !== null;
  const refused = useAskedByServer(state.failure, walk);
  useEffect(() => {
    if (asked === null) editors.focusFirst();
  }, [editors, asked]);

  const run = commandsOf({ desk, task, walk, ask: (question) => !locked && setAsked(question) });
  useHotkeys(deskKeys, run, asked === null);

  const edited = words !== null && changedTurns(task, words).length > 0;
  const nameOf = (command: (typeof actions)[number]) =>
    say(`commands.${command === 'hand_on' && task.desk === 'doctor' ? 'hand_back' : command}`);
  return (
    <>
      <Box component="main" sx={{ flex: 1, minHeight: 0, overflowY: 'auto', px: { xs: 1.5, md: 3 }, py: 2 }}>
        <Box sx={{ display: 'grid', gap: 3, maxWidth: 1360, mx: 'auto', gridTemplateColumns: 'minmax(0, 1fr)' }}>
          {task.notes.length > 0 && <Notes notes={task.notes} />}
          <AnswerCards
            view={task}
            pick={{
              versionId: words?.baseVersionId ?? '',
              keys: (index) => (useCommands[index] ? keysOf(useCommands[index], isMac(), deskKeys) : ''),
              onPick: (answer) => takeAnswer(desk, answer),
            }}
          />
          <Typography variant="h2">
            {say('final')}
            {edited && ` · ${translate('resources.work.verdicts.edit')}`}
          </Typography>
          {exchangesOf(task, turns).map((exchange, index) => (
            <Exchange
              key={index}
              {...exchange}
              {...{ view: 'diff', walk }}
              readOnly={state.lost !== null || state.busy === 'submit'}
              inputRef={editors.ref(exchange.turn?.n ?? -1)}
              onChange={(text) => exchange.turn && writeTurn(exchange.turn.n, text)}
            />
          ))}
          <TextField
            multiline
            fullWidth
            label={say('comment')}
            value={words?.comment ?? ''}
            disabled={state.lost !== null}
            onChange={(event) => desk.write({ comment: event.target.value })}
          />
        </Box>
      </Box>
      {walk.asked && !locked && !(state.failure && !refused) ? <ConfirmNotice walk={walk} /> : notices}
      <ActionBar
        actions={actions.map((id) => ({
          id,
          name: nameOf(id),
          keys: keysOf(id, isMac(), deskKeys),
          primary: id === 'submit',
          disabled: id === 'undo' ? !(state.last?.answerId ?? state.last?.skippedId) || state.busy !== null : locked,
        }))}
        onAction={run}
      />
      <Dialogs {...{ asked, desk, task }} comment={words?.comment ?? ''} onClose={() => setAsked(null)} />
    </>
  );
}
