import Typography from '@mui/material/Typography';
import type { MyAnswer } from '@qingnang/contracts';
import { DataTable, SelectInput, useTranslate } from 'react-admin';
import { durationWords } from '../components/number-words';
import { When } from '../components/When';
import { Listing } from '../listing/Listing';
import { AnswerWords } from './AnswerWords';
import { KeptDrafts } from './KeptDrafts';
import { Replies } from './Replies';
import { UndoAnswer } from './UndoAnswer';

const kinds = ['polish_review', 'reference', 'ranking', 'confirm_ranking', 'blind_pair', 'adjudication'] as const;

/** What I did, newest first, and what became of it. */
export default function MyWorkPage() {
  const translate = useTranslate();
  const word = (group: string, key: string) => translate(`resources.work.${group}.${key}`, { _: key });
  const outcomeOf = (answer: MyAnswer) =>
    answer.undone ? translate('resources.work.undone') : word('task_states', answer.taskState);
  const saidIn = ({ kind, verdict, reasonCode }: MyAnswer) =>
    kind === 'blind_pair' && reasonCode
      ? word('pair_verdicts', reasonCode)
      : kind === 'adjudication' && reasonCode
        ? translate(`resources.adjudications.outcomes.${reasonCode}`)
        : word('verdicts', verdict);
  return (
    <>
      <Replies />
      <KeptDrafts />
      <Listing
        resource="work/answers"
        title={translate('resources.work.mine')}
        name={translate('resources.work.answers')}
        emptyText={translate('resources.work.mine_empty')}
        card={(row) => {
          const answer = row as MyAnswer;
          return (
            <>
              <Typography>{answer.question}</Typography>
              <AnswerWords answer={answer} />
              <Typography variant="body2" component="div" sx={{ color: 'text.secondary' }}>
                <When at={answer.createdAt} /> · {saidIn(answer)} · {outcomeOf(answer)}
              </Typography>
              <UndoAnswer answer={answer} />
            </>
          );
        }}
        filters={[
          <SelectInput
            key="kind"
            source="kind"
            alwaysOn
            label="resources.work.fields.kind"
            choices={kinds.map((id) => ({ id, name: word('kinds', id) }))}
          />,
        ]}
      >
        <DataTable<MyAnswer> rowClick={false} bulkActionButtons={false}>
          <DataTable.Col
            source="createdAt"
            label="resources.work.fields.createdAt"
            render={(answer: MyAnswer) => <When at={answer.createdAt} />}
          />
          <DataTable.Col
            source="question"
            label="resources.work.fields.question"
            disableSort
            sx={{ maxWidth: '28em' }}
            render={(answer: MyAnswer) => <Asked answer={answer} />}
          />
          <DataTable.Col
            source="kind"
            label="resources.work.fields.kind"
            disableSort
            render={(answer: MyAnswer) => word('kinds', answer.kind)}
          />
          <DataTable.Col source="verdict" label="resources.work.fields.verdict" disableSort render={saidIn} />
          <DataTable.Col source="taskState" label="resources.work.fields.taskState" disableSort render={outcomeOf} />
          <DataTable.Col
            source="seconds"
            label="resources.work.fields.seconds"
            disableSort
            render={(answer: MyAnswer) => durationWords(answer.seconds, translate)}
          />
          <DataTable.Col
            label="state.actions"
            disableSort
            render={(answer: MyAnswer) => <UndoAnswer answer={answer} />}
          />
        </DataTable>
      </Listing>
    </>
  );
}

/** What was asked, and what I said to it. */
function Asked({ answer }: { answer: MyAnswer }) {
  return (
    <>
      {answer.question}
      <AnswerWords answer={answer} />
    </>
  );
}
