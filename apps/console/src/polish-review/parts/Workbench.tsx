import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import type { PolishTask } from '@qingnang/contracts';
import { useEffect, useState } from 'react';
import { useTranslate } from 'react-admin';
import { useHotkeys } from '../../sitting/keys/useHotkeys';
import { SkipDialog } from '../../sitting/SkipDialog';
import { type ReviewCommand, reviewKeys } from '../logic/keyboard';
import { type DeskState, editedTurns, type PolishVerdict } from '../session/polish-kind';
import { confirmFact, polishAgain, type ReviewDesk, submitAsItReads, writeTurn } from '../session/review-desk';
import { useEditors } from '../session/useEditors';
import { useComparisons } from '../session/useComparisons';
import { useAskedByServer, useReviewedTurns, useWalk } from '../session/useWalk';
import { ConfirmNotice } from './ConfirmNotice';
import { Exchange, type View } from './Exchange';
import { exchangesOf } from './exchanges';
import { HelpDialog } from './HelpDialog';
import { KeyBar } from './KeyBar';
import { VerdictDialog } from './VerdictDialog';

interface Props {
  desk: ReviewDesk;
  state: DeskState;
  task: PolishTask;
  view: View;
  help: boolean;
  onHelp: (open: boolean) => void;
  /** Between text and bar. */
  notices: React.ReactNode;
}

const NO_TEXTS: Record<number, string> = {};
const NO_FACTS: readonly string[] = [];

/** Who gave it back, and why. */
function Returned({ returned }: Pick<PolishTask, 'returned'>) {
  const translate = useTranslate();
  if (!returned) return null;
  return (
    <Alert severity="info" variant="outlined" sx={{ whiteSpace: 'pre-wrap' }}>
      <strong>{translate('resources.polish-review.returned', { who: returned.by })}</strong>
      {returned.body && <div>{returned.body}</div>}
    </Alert>
  );
}

type Question = 'reject' | 'ask_doctor' | 'skip';

interface AskedProps {
  asking: Question | null;
  desk: ReviewDesk;
  comment: string;
  onClose: () => void;
}

/** What a verdict still needs before it goes up. */
function Asked({ asking, desk, comment, onClose }: AskedProps) {
  if (asking === null) return null;
  const then = (act: () => Promise<void>) => {
    onClose();
    void act();
  };
  if (asking === 'skip') return <SkipDialog onStay={onClose} onSkip={() => then(() => desk.skip())} />;
  const done = (words: Omit<PolishVerdict, 'verdict'>) => then(() => desk.submit({ verdict: asking, ...words }));
  return (
    <VerdictDialog
      verdict={asking}
      comment={comment}
      onComment={(words) => desk.write({ comment: words })}
      onDone={done}
      onCancel={onClose}
    />
  );
}

/** One record: read left, write right, decide below. Give it the slot's id and round as key. */
export function Workbench({ desk, state, task, view, help, onHelp, notices }: Props) {
  const [asking, setAsking] = useState<Question | null>(null);
  const editors = useEditors((n, text) => writeTurn(desk, n, text));
  const comparisons = useComparisons(task, state.words?.texts ?? NO_TEXTS);
  const turns = useReviewedTurns(state, comparisons);
  const walk = useWalk(turns, editors, {
    confirmed: state.words?.confirmed ?? NO_FACTS,
    onConfirm: (name) => confirmFact(desk, name),
  });
  const locked = state.busy !== null || state.lost !== null;

  const refused = useAskedByServer(state.failure, walk);

  // Also once a dialog has gone: while it stands, it takes the focus back.
  const talking = asking !== null || help;
  useEffect(() => {
    if (!talking) editors.focusFirst();
  }, [editors, talking]);

  const askAgain = async () => {
    const n = editors.active();
    const before = turns.find((turn) => turn.n === n);
    if (n === null || !before) return;
    const text = await polishAgain(desk, n);
    if (text !== null) editors.replace(n, 0, desk.getState().words?.texts[n]?.length ?? 0, text);
  };
  const run = (command: ReviewCommand) => {
    if (command === 'submit') walk.handIn(() => void submitAsItReads(desk));
    else if (command === 'skip' && !desk.hasWritten()) void desk.skip();
    else if (command === 'undo') void desk.undo();
    else if (command === 'polish_again') void askAgain();
    else if (command === 'next_change') walk.step(1);
    else if (command === 'previous_change') walk.step(-1);
    else if (command === 'keep') walk.keep();
    else if (command === 'revert') walk.revert();
    else if (command === 'help') onHelp(true);
    else if (!locked) setAsking(command);
  };
  useHotkeys(reviewKeys, run, !talking);

  return (
    <>
      <Box component="main" sx={{ flex: 1, minHeight: 0, overflowY: 'auto', px: { xs: 1.5, md: 3 }, py: 2 }}>
        <Box sx={{ display: 'grid', gap: 4, maxWidth: 1360, mx: 'auto' }}>
          <Returned returned={task.returned} />
          {exchangesOf(task, turns).map((exchange, index) => (
            <Exchange
              key={index}
              {...exchange}
              {...{ view, walk }}
              readOnly={state.lost !== null || state.busy === 'submit'}
              inputRef={editors.ref(exchange.turn?.n ?? -1)}
              onChange={(text) => exchange.turn && writeTurn(desk, exchange.turn.n, text)}
            />
          ))}
        </Box>
      </Box>
      {walk.asked && !locked && !(state.failure && !refused) ? <ConfirmNotice walk={walk} /> : notices}
      <KeyBar
        edited={editedTurns(state).length > 0}
        disabled={locked}
        undoable={Boolean(state.last?.answerId ?? state.last?.skippedId) && state.busy === null}
        onCommand={run}
      />
      <Asked {...{ asking, desk }} comment={state.words?.comment ?? ''} onClose={() => setAsking(null)} />
      {help && <HelpDialog onClose={() => onHelp(false)} />}
    </>
  );
}
