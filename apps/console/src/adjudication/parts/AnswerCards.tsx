import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Paper from '@mui/material/Paper';
import type { AdjudicationView, WeighedAnswer } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { AnswerNote } from '../../answers/AnswerNote';
import { Diff } from '../../dialogue/Diff';
import { Kbd } from '../../polish-review/parts/FactWarnings';
import { useDifferences } from '../session/useDifferences';

export const letterOf = (index: number): string => String.fromCharCode(65 + index);

interface Props {
  view: Pick<AdjudicationView, 'answers' | 'turns' | 'shownVersionId'>;
  /** Lets one be taken; without it the answers are only shown. */
  pick?: { versionId: string; keys: (index: number) => string; onPick: (answer: WeighedAnswer) => void };
}

/** All answers side by side: who, what, why, and their words as they differ from the doctor's. */
export function AnswerCards({ view, pick }: Props) {
  const translate = useTranslate();
  const say = (key: string) => translate(`resources.adjudications.${key}`);
  const differences = useDifferences(view);
  return (
    <Box
      sx={{
        display: 'grid',
        gap: 2,
        gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'repeat(auto-fit, minmax(min(100%, 340px), 1fr))' },
      }}
    >
      {view.answers.map((answer, index) => {
        const chosen = pick !== undefined && answer.versionId === pick.versionId;
        return (
          <Paper
            key={answer.id}
            component="article"
            aria-label={`${letterOf(index)} ${answer.person.name}`}
            variant="outlined"
            sx={{
              p: 2,
              display: 'grid',
              gap: 1,
              alignContent: 'start',
              ...(chosen && { borderColor: 'primary.main' }),
            }}
          >
            <Box sx={{ display: 'flex', gap: 1, alignItems: 'center' }}>
              <Box component="strong" sx={{ color: 'primary.main', flex: 1 }}>
                {letterOf(index)}
              </Box>
              {pick && answer.versionId && (
                <Button
                  size="small"
                  variant={chosen ? 'contained' : 'outlined'}
                  aria-pressed={chosen}
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={() => pick.onPick(answer)}
                  sx={{ minHeight: 44 }}
                >
                  {say('use')}
                  <Box component="span" sx={{ display: { xs: 'none', md: 'inline' } }}>
                    <Kbd>{pick.keys(index)}</Kbd>
                  </Box>
                </Button>
              )}
            </Box>
            <AnswerNote answer={answer} />
            {answer.versionId === view.shownVersionId && (
              <Box sx={{ color: 'text.secondary' }}>{say('same_as_shown')}</Box>
            )}
            {answer.turns === null && <Box sx={{ color: 'text.secondary' }}>{say('no_text')}</Box>}
            {answer.turns?.map(({ n, text }) => (
              <Box key={n} sx={{ borderLeft: 2, borderColor: 'divider', pl: 1.5 }}>
                <Diff segments={differences(index, n) ?? [{ op: 'equal', text }]} />
              </Box>
            ))}
          </Paper>
        );
      })}
    </Box>
  );
}
