import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import type { ProposedSizes } from '@qingnang/contracts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslate } from 'react-admin';
import { useFormContext } from 'react-hook-form';
import { api } from '../../providers/http';
import { projectPath } from '../../session/project';
import { type RuleForm, sizesOf } from '../rule-model';
import { shareWords } from '../share-words';

/** How many texts the rule speaks of, and samples that can show what its bar asks for; a press takes one over. */
export function Sizes({ form }: { form: RuleForm }) {
  const translate = useTranslate();
  const { setValue } = useFormContext();
  const asked = sizesOf(form);
  const { data } = useQuery({
    queryKey: ['approval-rules', 'sizes', asked],
    queryFn: async ({ signal }) =>
      (await api.post<ProposedSizes>(projectPath('/approval-rules/sizes'), asked, { signal })).data,
    enabled: asked !== null,
    placeholderData: keepPreviousData,
  });
  const say = (key: string, facts?: object) => translate(`resources.approval-rules.${key}`, facts);
  if (!data || !asked) return null;
  const none = data.population === 0;
  const population = data.populationIs === 'exact' ? 'population' : 'population_at_least';
  return (
    <Box sx={{ mb: 2 }}>
      <Typography role="status" sx={{ fontWeight: 600, color: none ? 'warning.main' : 'text.primary' }}>
        {none ? say('population_none') : say(population, { n: data.population.toLocaleString() })}
      </Typography>
      <Typography sx={{ mt: 1 }}>{say('proposals', { bar: shareWords(asked.bar) })}</Typography>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, mt: 0.5 }}>
        {data.sizes.map(({ faults, size }) => (
          <Button
            key={faults}
            size="small"
            variant={form.size === size ? 'contained' : 'outlined'}
            aria-pressed={form.size === size}
            onClick={() => setValue('size', size, { shouldDirty: true, shouldValidate: true })}
          >
            {say('proposal', { faults, size })}
          </Button>
        ))}
      </Box>
    </Box>
  );
}
