import Box from '@mui/material/Box';
import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import type { EvaluationItemView, EvaluationView } from '@qingnang/contracts';
import { useState } from 'react';
import { SelectInput, useListContext, useTranslate } from 'react-admin';
import { RehearsalMark } from '../../dialogue/RehearsalMark';
import { TurnList } from '../../dialogue/TurnList';
import { Listing } from '../../listing/Listing';
import { questionTurns } from '../../suites/question-turns';
import { judgeName } from './judge-name';

const outcomes = ['win', 'tie', 'loss', 'flip', 'both_bad', 'missing'] as const;

interface AnswerProps {
  title: string;
  turns: EvaluationItemView['answerA'];
  type: EvaluationItemView['typeA'];
  rehearsal: boolean;
}

/** An answer that broke off or refuses is judged as that, and says so. */
function Answer({ title, turns, type, rehearsal }: AnswerProps) {
  const translate = useTranslate();
  return (
    <Box sx={{ minWidth: 0 }}>
      <Typography variant="caption" component="div" sx={{ fontWeight: 600 }}>
        {title}
        {type && type !== 'complete' && ` · ${translate(`resources.llm-jobs.codes.${type}`)}`}
      </Typography>
      <RehearsalMark when={rehearsal && turns !== null}>
        {turns && turns.length > 1 ? (
          <TurnList turns={turns} />
        ) : (
          <Typography component="div" sx={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {turns?.[0]?.text ?? translate('resources.evaluations.no_answer')}
          </Typography>
        )}
      </RehearsalMark>
    </Box>
  );
}

function Verdicts({ item, evaluation }: { item: EvaluationItemView; evaluation: EvaluationView }) {
  const translate = useTranslate();
  const words = (key: string) => translate(`resources.evaluations.${key}`);
  const judgeOf = (id: string) => evaluation.judges.find((judge) => judge.id === id);
  return (
    <Box component="ul" sx={{ m: 0, pl: 2.5, color: 'text.secondary' }}>
      {item.verdicts.map(({ judgeId, person, first, outcome, reason }, index) => (
        <li key={index}>
          {person ?? judgeOf(judgeId)?.model} · {words(first === 'a' ? 'verdict_first' : 'verdict_second')}：
          {words(`verdict.${outcome}`)}
          {reason && ` · ${reason}`}
        </li>
      ))}
    </Box>
  );
}

function Rows({ evaluation }: { evaluation: EvaluationView }) {
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
            <Answer title={words('answer_a')} turns={item.answerA} type={item.typeA} rehearsal={item.rehearsal} />
            <Answer title={words('answer_b')} turns={item.answerB} type={item.typeB} rehearsal={item.rehearsal} />
          </Box>
          <Verdicts item={item} evaluation={evaluation} />
        </Box>
      ))}
    </Box>
  );
}

/** Which two entrants, and which judge's outcomes; nothing to choose where there is one of each. */
function useChosenPair(evaluation: EvaluationView) {
  const { entrants, results } = evaluation;
  const numberOf = (id: string) => entrants.find((entrant) => entrant.id === id)?.n ?? 1;
  const pairs = (results.judges[0]?.pairs ?? []).map(({ a, b }) => ({ a: numberOf(a), b: numberOf(b) }));
  const [pair, setPair] = useState(0);
  const [judge, setJudge] = useState(1);
  return { pairs, pair, setPair, judge, setJudge, filter: { ...(pairs[pair] ?? { a: 1, b: 2 }), judge } };
}

/** Each question with two answers and what the judges said of them. */
export function Questions({ evaluation, categories }: { evaluation: EvaluationView; categories: string[] }) {
  const translate = useTranslate();
  const words = (key: string, facts?: object) => translate(`resources.evaluations.${key}`, facts);
  const { pairs, pair, setPair, judge, setJudge, filter } = useChosenPair(evaluation);
  const nameOf = (n: number) => evaluation.entrants[n - 1]?.name ?? '';
  return (
    <>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
        {pairs.length > 1 && (
          <TextField
            select
            label={words('pair')}
            value={pair}
            onChange={(event) => setPair(Number(event.target.value))}
            sx={{ flex: '1 1 16em' }}
          >
            {pairs.map(({ a, b }, index) => (
              <MenuItem key={`${a} ${b}`} value={index}>
                {words('versus', { a: nameOf(a), b: nameOf(b) })}
              </MenuItem>
            ))}
          </TextField>
        )}
        {evaluation.judges.length > 1 && (
          <TextField
            select
            label={words('outcome_by')}
            value={judge}
            onChange={(event) => setJudge(Number(event.target.value))}
            sx={{ flex: '1 1 12em' }}
          >
            {evaluation.judges.map((each) => (
              <MenuItem key={each.id} value={each.n}>
                {judgeName(each, translate)}
              </MenuItem>
            ))}
          </TextField>
        )}
      </Box>
      <Listing
        inner
        resource={`evaluations/${evaluation.id}/items`}
        name={translate('resources.suites.question')}
        sort={{ field: 'n', order: 'ASC' }}
        filter={filter}
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
        <Rows evaluation={evaluation} />
      </Listing>
    </>
  );
}
