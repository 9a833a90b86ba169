import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { JudgementView, PromptDetail } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { When } from '../components/When';
import { RehearsalMark } from '../dialogue/RehearsalMark';
import { numbersOf } from './prompt-model';

/** `#2 > #1 = #3`: best first, equals joined. */
function orderWords({ items }: JudgementView, numbers: ReadonlyMap<string, number>): string {
  return items
    .map((item, i) => {
      const joint = i === 0 ? '' : items[i - 1]!.rank === item.rank ? ' = ' : ' > ';
      return `${joint}#${numbers.get(item.candidateId) ?? '?'}${item.bad ? ' ✕' : ''}`;
    })
    .join('');
}

/** What the judge thought of the doctor's answer, and what that did to its weight. */
function ReferenceWorth({ judgement }: { judgement: JudgementView }) {
  const translate = useTranslate();
  const { referenceGrade: grade, referenceWeight: weight, referenceReason: reason } = judgement;
  if (grade === null) return null;
  return (
    <Typography variant="body2" sx={{ overflowWrap: 'anywhere' }}>
      {translate('resources.judgements.reference_worth', {
        grade: translate(`resources.references.grades.${grade}`),
        weight: weight ?? 0,
      })}
      {reason && ` · ${reason}`}
    </Typography>
  );
}

/** Who put the candidates in which order, newest first. */
export function JudgementRows({ prompt }: { prompt: PromptDetail }) {
  const translate = useTranslate();
  const say = (key: string) => translate(`resources.judgements.${key}`);
  const numbers = numbersOf(prompt);
  return (
    <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 1.5 }}>
      {prompt.judgements.map((judgement) => (
        <li key={judgement.id}>
          <Typography variant="caption" component="div" sx={{ color: 'text.secondary' }}>
            {say(`origins.${judgement.origin}`)}
            {judgement.by && ` · ${judgement.by}`}
            {judgement.origin !== 'ai' && ` · ${say(judgement.aiOrderShown ? 'shown' : 'blind')}`} ·{' '}
            <When at={judgement.createdAt} />
          </Typography>
          <RehearsalMark when={judgement.rehearsal}>
            <Typography sx={{ fontVariantNumeric: 'tabular-nums' }}>{orderWords(judgement, numbers)}</Typography>
            <ReferenceWorth judgement={judgement} />
            {judgement.reason && (
              <details>
                <summary>{say('reason')}</summary>
                <Typography variant="body2" sx={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
                  {judgement.reason}
                </Typography>
              </details>
            )}
          </RehearsalMark>
        </li>
      ))}
    </Box>
  );
}
