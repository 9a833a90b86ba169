import Box from '@mui/material/Box';
import type { AnswerRow } from '@qingnang/contracts';
import { findingWords } from '@qingnang/text';
import { useLocaleState, useTranslate } from 'react-admin';
import { When } from '../components/When';
import { durationWords } from '../components/number-words';

type Noted = Pick<
  AnswerRow,
  'person' | 'round' | 'verdict' | 'reasonCode' | 'comment' | 'facts' | 'notCompared' | 'kind' | 'createdAt' | 'undone'
> & { seconds?: number };

/** Verdict and reason in words: of a blind pair the verdict is the reason. */
export function useVerdictWords(): (answer: Pick<AnswerRow, 'kind' | 'verdict' | 'reasonCode'>) => string {
  const translate = useTranslate();
  return ({ kind, verdict, reasonCode }) => {
    if (kind === 'blind_pair' && reasonCode) return translate(`resources.work.pair_verdicts.${reasonCode}`);
    const said = translate(`resources.work.verdicts.${verdict}`);
    const why = reasonCode && translate(`resources.polish-review.reasons.${reasonCode}`, { _: reasonCode });
    return why ? `${said}：${why}` : said;
  };
}

function Facts({ facts }: { facts: AnswerRow['facts'] }) {
  const translate = useTranslate();
  const [locale] = useLocaleState();
  const words = (fact: AnswerRow['facts'][number]) =>
    findingWords(
      {
        kind: fact.kind,
        change: fact.change,
        was: { text: fact.was ?? '', start: 0, end: 0 },
        is: { text: fact.is ?? '', start: 0, end: 0 },
        ...(fact.of === null ? {} : { of: fact.of }),
      },
      locale === 'en' ? 'en' : 'zh',
    );
  const part = (title: string, some: AnswerRow['facts'], quiet: boolean) =>
    some.length > 0 && (
      <Box sx={{ color: quiet ? 'text.secondary' : 'text.primary' }}>
        <span aria-hidden>{quiet ? '· ' : '⚠ '}</span>
        {title}
        <Box component="ul" sx={{ m: 0, pl: 3 }}>
          {some.map((fact) => (
            <li key={`${fact.n}:${fact.id}`}>{words(fact)}</li>
          ))}
        </Box>
      </Box>
    );
  return (
    <>
      {part(
        translate('resources.answers.confirmed'),
        facts.filter(({ confirmedAt }) => confirmedAt !== null),
        false,
      )}
      {part(
        translate('resources.answers.also'),
        facts.filter(({ confirmedAt }) => confirmedAt === null),
        true,
      )}
    </>
  );
}

/** One answer: who, what, why, what they asked, and which facts they put their word on. */
export function AnswerNote({ answer }: { answer: Noted }) {
  const translate = useTranslate();
  const verdict = useVerdictWords();
  const say = (key: string, options?: object) => translate(`resources.answers.${key}`, options);
  return (
    <Box sx={{ display: 'grid', gap: 0.5, overflowWrap: 'anywhere', opacity: answer.undone ? 0.7 : 1 }}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 1, alignItems: 'baseline' }}>
        <strong>{verdict(answer)}</strong>
        {answer.undone && <span>{say('undone')}</span>}
        <Box component="span" sx={{ color: 'text.secondary' }}>
          {answer.round > 1 ? say('by', { who: answer.person.name, round: answer.round }) : answer.person.name} ·{' '}
          <When at={answer.createdAt} />
          {answer.seconds !== undefined && ` · ${durationWords(answer.seconds, translate)}`}
        </Box>
      </Box>
      {answer.comment && (
        <Box sx={{ whiteSpace: 'pre-wrap' }}>
          <Box component="span" sx={{ color: 'text.secondary' }}>
            {say(answer.verdict === 'ask_doctor' ? 'question' : 'comment')}：
          </Box>
          {answer.comment}
        </Box>
      )}
      {answer.notCompared && (
        <Box sx={{ color: 'warning.main' }}>
          <span aria-hidden>⚠ </span>
          {say('not_compared')}
        </Box>
      )}
      <Facts facts={answer.facts} />
    </Box>
  );
}
