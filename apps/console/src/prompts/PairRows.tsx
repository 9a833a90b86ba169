import Box from '@mui/material/Box';
import type { PromptDetail } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { numbersOf } from './prompt-model';

/** What a reward model would learn from this prompt today. */
export function PairRows({ prompt }: { prompt: PromptDetail }) {
  const translate = useTranslate();
  const numbers = numbersOf(prompt);
  const heads = ['better', 'worse', 'evidence', 'margin'];
  return (
    <Box sx={{ overflowX: 'auto' }}>
      <Box component="table" sx={{ borderCollapse: 'collapse', '& th, & td': { textAlign: 'start', pr: 3, py: 0.25 } }}>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head}>{translate(`resources.prompts.${head}`)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {prompt.pairs.map((pair) => (
            <tr key={`${pair.chosenId}${pair.rejectedId}`}>
              <td>#{numbers.get(pair.chosenId)}</td>
              <td>#{numbers.get(pair.rejectedId)}</td>
              <td>{translate(`resources.judgements.evidences.${pair.evidence}`)}</td>
              <td>{pair.margin === null ? '–' : pair.margin.toFixed(2)}</td>
            </tr>
          ))}
        </tbody>
      </Box>
    </Box>
  );
}
