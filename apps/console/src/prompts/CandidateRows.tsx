import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { PromptDetail } from '@qingnang/contracts';
import { useLocaleState, useTranslate } from 'react-admin';
import { RehearsalMark } from '../dialogue/RehearsalMark';
import { aiOpinions, bestFirst } from './prompt-model';

/** Candidates, best first, each with the AI's mean points by dimension. */
export function CandidateRows({ prompt }: { prompt: PromptDetail }) {
  const translate = useTranslate();
  const [locale] = useLocaleState();
  const opinions = aiOpinions(prompt.judgements);
  const dimensions = prompt.rubrics[0]?.dimensions ?? [];
  const name = (key: string): string => {
    const dimension = dimensions.find((one) => one.key === key);
    return (
      (locale === 'en' ? dimension?.name_en : dimension?.name_zh) ??
      translate(`resources.judgements.dimensions.${key}`, { _: key })
    );
  };
  return (
    <Box component="ol" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 2 }}>
      {bestFirst(prompt.candidates, opinions).map((candidate, i) => {
        const opinion = opinions.get(candidate.id);
        return (
          <li key={candidate.id}>
            <Typography variant="caption" component="div" sx={{ color: 'text.secondary' }}>
              <strong>#{i + 1}</strong> · {candidate.model} ·{' '}
              {translate('resources.candidates.sample', { n: candidate.sampleIndex + 1 })}
            </Typography>
            <RehearsalMark when={candidate.rehearsal}>
              <Typography sx={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', maxWidth: '40em' }}>
                {candidate.text ?? '–'}
              </Typography>
            </RehearsalMark>
            {opinion && (
              <Box
                component="dl"
                sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 2, m: 0, mt: 0.5, fontSize: '0.875rem' }}
              >
                <Points name={translate('resources.judgements.total')} value={opinion.total} strong />
                {Object.entries(opinion.scores).map(([key, value]) => (
                  <Points key={key} name={name(key)} value={value} />
                ))}
              </Box>
            )}
          </li>
        );
      })}
    </Box>
  );
}

function Points({ name, value, strong = false }: { name: string; value: number; strong?: boolean }) {
  return (
    <Box sx={{ display: 'flex', gap: 0.5, fontWeight: strong ? 600 : 400 }}>
      <Box component="dt" sx={{ color: 'text.secondary' }}>
        {name}
      </Box>
      <Box component="dd" sx={{ m: 0, fontVariantNumeric: 'tabular-nums' }}>
        {value.toFixed(strong ? 2 : 1)}
      </Box>
    </Box>
  );
}
