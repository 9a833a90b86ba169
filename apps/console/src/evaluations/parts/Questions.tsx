import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { AnswerType, EvaluationItemView } from '@qingnang/contracts';
import { SelectInput, useListContext, useTranslate } from 'react-admin';
import { RehearsalMark } from '../../dialogue/RehearsalMark';
import { TurnList } from '../../dialogue/TurnList';
import { Listing } from '../../listing/Listing';
import { questionTurns } from '../../suites/question-turns';

const outcomes = ['win', 'tie', 'loss', 'flip', 'missing'] as const;

interface AnswerProps {
  title: string;
  type: AnswerType | null;
  text: string | null;
  rehearsal: boolean;
}

/** An answer that broke off or refuses is judged as that, and says so. */
function Answer({ title, type, text, rehearsal }: AnswerProps) {
  const translate = useTranslate();
  return (
    <Box sx={{ minWidth: 0 }}>
      <Typography variant="caption" component="div" sx={{ fontWeight: 600 }}>
        {title}
        {type && type !== 'complete' && ` · ${translate(`resources.llm-jobs.codes.${type}`)}`}
      </Typography>
      <RehearsalMark when={rehearsal && text !== null}>
        <Typography component="div" sx={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {text ?? translate('resources.evaluations.no_answer')}
        </Typography>
      </RehearsalMark>
    </Box>
  );
}

function Verdicts({ item }: { item: EvaluationItemView }) {
  const translate = useTranslate();
  const words = (key: string) => translate(`resources.evaluations.${key}`);
  return (
    <Box component="ul" sx={{ m: 0, pl: 2.5, color: 'text.secondary' }}>
      {item.verdicts.map(({ first, outcome, reason }) => (
        <li key={first}>
          {words(first === 'a' ? 'verdict_first' : 'verdict_second')}：{words(`verdict.${outcome}`)}
          {reason && ` · ${reason}`}
        </li>
      ))}
    </Box>
  );
}

function Rows() {
  const translate = useTranslate();
  const words = (key: string) => translate(`resources.evaluations.${key}`);
  const { data = [] } = useListContext<EvaluationItemView>();
  return (
    <Box component="ol" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 3 }}>
      {data.map((item) => (
        <Box
          component="li"
          key={item.id}
          sx={{ borderTop: 1, borderColor: 'divider', pt: 1.5, display: 'grid', gap: 1.5 }}
        >
          <Typography variant="caption" sx={{ color: 'text.secondary' }}>
            {[
              item.n,
              item.department,
              item.category,
              words(item.outcome ?? 'missing'),
              item.flipped ? words('flip') : null,
            ]
              .filter((part) => part !== null)
              .join(' · ')}
          </Typography>
          <TurnList turns={questionTurns(item.messages)} />
          {item.reference && (
            <Typography sx={{ color: 'text.secondary' }}>
              {words('reference')}：{item.reference}
            </Typography>
          )}
          <Box
            sx={{
              display: 'grid',
              gap: 2,
              gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'repeat(2, minmax(0, 1fr))' },
            }}
          >
            <Answer title={words('answer_a')} type={item.typeA} text={item.answerA} rehearsal={item.rehearsal} />
            <Answer title={words('answer_b')} type={item.typeB} text={item.answerB} rehearsal={item.rehearsal} />
          </Box>
          <Verdicts item={item} />
        </Box>
      ))}
    </Box>
  );
}

/** Each question with both answers and what the judge said in each order. */
export function Questions({ id, categories }: { id: string; categories: string[] }) {
  const translate = useTranslate();
  const words = (key: string) => translate(`resources.evaluations.${key}`);
  return (
    <Listing
      inner
      resource={`evaluations/${id}/items`}
      sort={{ field: 'n', order: 'ASC' }}
      filters={[
        <SelectInput
          key="outcome"
          source="outcome"
          label={words('outcome')}
          alwaysOn
          choices={outcomes.map((outcome) => ({ id: outcome, name: words(outcome) }))}
        />,
        <SelectInput
          key="category"
          source="category"
          label={words('category')}
          alwaysOn
          choices={categories.filter(Boolean).map((category) => ({ id: category, name: category }))}
          translateChoice={false}
        />,
      ]}
    >
      <Rows />
    </Listing>
  );
}
