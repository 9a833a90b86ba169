import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { ModelDetail } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { TextLink } from '../components/TextLink';
import { Section } from '../components/Section';

/** What the model descends from, nearest first, and what was trained from it. */
export function Lineage({ model }: { model: ModelDetail }) {
  const translate = useTranslate();
  const words = (key: string, values?: object) => translate(`resources.models.${key}`, values);
  return (
    <Section title={words('lineage')}>
      <Typography sx={{ color: 'text.secondary' }}>{words('lineage_lead')}</Typography>
      <Box component="ul" sx={{ m: 0, pl: 2.5 }}>
        {model.lineage.map(({ depth, kind, id, name }) => (
          <li key={id}>
            {words(kind)} <TextLink to={`/${kind}s/${id}/show`}>{name}</TextLink>{' '}
            {depth > 1 && <span>（{words('step_back', { n: depth })}）</span>}
          </li>
        ))}
      </Box>
      {model.children.length > 0 && (
        <div>
          {words('children')}：
          {model.children.map(({ id, name }, index) => (
            <span key={id}>
              {index > 0 && '、'}
              <TextLink to={`/models/${id}/show`}>{name}</TextLink>
            </span>
          ))}
        </div>
      )}
    </Section>
  );
}
