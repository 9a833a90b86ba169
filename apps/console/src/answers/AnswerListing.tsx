import Box from '@mui/material/Box';
import type { AnswerRow } from '@qingnang/contracts';
import { SelectInput, useListContext, useTranslate } from 'react-admin';
import { TextLink } from '../components/TextLink';
import { Listing } from '../listing/Listing';
import { AnswerNote } from './AnswerNote';

const verdicts = ['accept', 'edit', 'reject', 'ask_doctor', 'done'] as const;

function Rows({ withRecord }: { withRecord: boolean }) {
  const translate = useTranslate();
  const { data } = useListContext<AnswerRow>();
  return (
    <Box component="ol" sx={{ listStyle: 'none', m: 0, p: 0 }}>
      {data?.map((answer) => (
        <Box component="li" key={answer.id} sx={{ py: 1.5, borderBottom: 1, borderColor: 'divider' }}>
          {withRecord && (
            <Box sx={{ color: 'text.secondary', mb: 0.5 }}>
              {answer.question}{' '}
              {answer.recordId && (
                <TextLink to={`/records/${answer.recordId}/show`}>
                  {translate('resources.answers.open_record')}
                </TextLink>
              )}
            </Box>
          )}
          {!withRecord && <Box sx={{ color: 'text.secondary' }}>{answer.taskSetName}</Box>}
          <AnswerNote answer={answer} />
        </Box>
      ))}
    </Box>
  );
}

/** What people answered, said and asked: of a task set, or of a record. */
export function AnswerListing({ of }: { of: { taskSetId: string } | { recordId: string } }) {
  const translate = useTranslate();
  const say = (key: string) => translate(`resources.answers.${key}`);
  const withRecord = 'taskSetId' in of;
  return (
    <Listing
      inner
      resource="answers"
      name={say('name')}
      filter={of}
      perPage={10}
      emptyText={say('empty')}
      {...(withRecord
        ? {
            filters: [
              <SelectInput
                key="with"
                source="with"
                alwaysOn
                label="resources.answers.filter"
                choices={['words', 'facts'].map((id) => ({ id, name: `resources.answers.with.${id}` }))}
              />,
              <SelectInput
                key="verdict"
                source="verdict"
                alwaysOn
                label="resources.answers.verdict"
                choices={verdicts.map((id) => ({ id, name: `resources.work.verdicts.${id}` }))}
              />,
            ],
          }
        : {})}
    >
      <Rows withRecord={withRecord} />
    </Listing>
  );
}
