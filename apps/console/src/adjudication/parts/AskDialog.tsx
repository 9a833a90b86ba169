import type { PolishRejectReason } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import type { AdjudicationDesk, AdjudicationState, AdjudicationVerdict } from '../session/adjudication-kind';
import { letterOf } from './AnswerCards';
import { ChoiceDialog, type Choice } from './ChoiceDialog';

export type Asked = 'reject' | 'return' | 'hand_on';

const ALL = 'all';
const reasons = ['facts_changed', 'unsafe_advice', 'unreadable_original', 'private_data', 'other'] as const;

interface Props {
  asked: Asked;
  desk: AdjudicationDesk;
  task: NonNullable<AdjudicationState['task']>;
  comment: string;
  onClose: () => void;
}

/** What a verdict still needs: a reason, whose answer, which doctor. */
export function AskDialog({ asked, desk, task, comment, onClose }: Props) {
  const translate = useTranslate();
  const say = (key: string) => translate(`resources.adjudications.${key}`);
  const back = task.desk === 'doctor';
  const choices: Record<Asked, Choice[]> = {
    reject: reasons.map((id) => ({ id, name: translate(`resources.polish-review.reasons.${id}`) })),
    return: [
      ...(task.answers.length > 1 ? [{ id: ALL, name: say('return_all') }] : []),
      ...task.answers.map(({ id, person }, index) => ({ id, name: `${letterOf(index)} ${person.name}` })),
    ],
    hand_on: back ? [] : [{ id: ALL, name: say('any_doctor') }, ...task.doctors],
  };
  const done = (choice: string | null) => {
    const named = choice === ALL ? null : choice;
    const verdict: Record<Asked, AdjudicationVerdict> = {
      reject: { verdict: 'reject', reasonCode: choice as PolishRejectReason },
      return: { verdict: 'return', answerIds: named === null ? [] : [named] },
      hand_on: { verdict: 'hand_on', doctorId: named },
    };
    onClose();
    void desk.submit(verdict[asked]);
  };
  const verb = asked === 'hand_on' && back ? 'hand_back' : asked;
  const titles = {
    reject: translate('resources.polish-review.reject_title'),
    return: say('return_title'),
    hand_on: say(back ? 'commands.hand_back' : 'hand_title'),
  };
  return (
    <ChoiceDialog
      title={titles[asked]}
      choices={choices[asked]}
      refusal={asked === 'hand_on' && !back && task.doctors.length === 0 ? say('no_doctors') : undefined}
      verb={say(`commands.${verb}`)}
      commentLabel={say(asked !== 'hand_on' ? 'comment' : back ? 'comment_lead' : 'comment_doctor')}
      comment={comment}
      onComment={(text) => desk.write({ comment: text })}
      onDone={done}
      onCancel={onClose}
    />
  );
}
