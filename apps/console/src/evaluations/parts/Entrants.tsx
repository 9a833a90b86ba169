import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { EntrantView, EvaluationView } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { Section } from '../../components/Section';
import { TextLink } from '../../components/TextLink';

function Facts({ entrant, baseline }: { entrant: EntrantView; baseline: boolean }) {
  const words = useTranslate();
  const say = (key: string, facts?: object) => words(`resources.evaluations.${key}`, facts);
  return (
    <Typography variant="body2" sx={{ color: 'text.secondary' }}>
      {[
        say(`entrant_kinds.${entrant.kind}`),
        baseline ? say('is_baseline') : null,
        entrant.author && say('by_author', { name: entrant.author }),
        say('answered', { n: entrant.answered }),
        ...entrant.answerTypes
          .filter(({ type }) => type !== 'complete')
          .map(({ type, count }) => say(`answer_types.${type}`, { n: count })),
        entrant.failed > 0 ? say('failed_answers', { n: entrant.failed }) : null,
      ]
        .filter(Boolean)
        .join(' · ')}
    </Typography>
  );
}

/** Who answered, and how much. */
export function Entrants({ evaluation }: { evaluation: EvaluationView }) {
  const translate = useTranslate();
  return (
    <Section title={translate('resources.evaluations.entrants')}>
      <Box component="ol" sx={{ m: 0, pl: 3, display: 'grid', gap: 1 }}>
        {evaluation.entrants.map((entrant) => (
          <li key={entrant.id}>
            {entrant.modelId ? (
              <TextLink to={`/models/${entrant.modelId}/show`}>{entrant.name}</TextLink>
            ) : (
              <Typography component="span" sx={{ overflowWrap: 'anywhere' }}>
                {entrant.name}
              </Typography>
            )}
            <Facts entrant={entrant} baseline={evaluation.baseline === entrant.n} />
          </li>
        ))}
      </Box>
    </Section>
  );
}
