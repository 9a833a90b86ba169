import Box from '@mui/material/Box';
import FormControlLabel from '@mui/material/FormControlLabel';
import Switch from '@mui/material/Switch';
import type { ChosenLayout, ReadPlan } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { Pick } from './Pick';
import { containers, delimiters, encodings, layouts } from './plan-model';

interface Props {
  chosen: ChosenLayout;
  plan: ReadPlan | null;
  onChoose: (change: ChosenLayout) => void;
}

type Say = (key: string) => string;

function Table({ chosen, plan, onChoose, say }: Props & { say: Say }) {
  const noHeader = chosen.noHeader ?? plan?.noHeader ?? false;
  return (
    <>
      <Pick
        label={say('fields.delimiter')}
        value={chosen.delimiter ?? plan?.delimiter ?? ','}
        options={delimiters.map((value, index) => ({ value, label: say(`delimiters.${index}`) }))}
        onChange={(delimiter) => onChoose({ delimiter: delimiter as ReadPlan['delimiter'], container: 'csv' })}
      />
      <FormControlLabel
        control={<Switch checked={noHeader} onChange={(_, checked) => onChoose({ noHeader: checked })} />}
        label={say('no_header')}
      />
    </>
  );
}

/** What the file as a whole is; each change has it looked at again, and shows at once. */
export function LayoutChoices({ chosen, plan, onChoose }: Props) {
  const translate = useTranslate();
  const say: Say = (key) => translate(`resources.imports.${key}`);
  const container = chosen.container ?? plan?.container ?? '';
  const unsaid = { value: '', label: say('unsaid') };
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, alignItems: 'center' }}>
      <Pick
        label={say('fields.container')}
        value={container}
        options={[
          ...(container === '' ? [unsaid] : []),
          ...containers.map((value) => ({ value, label: say(`containers.${value}`) })),
        ]}
        onChange={(value) => value !== '' && onChoose({ container: value as ReadPlan['container'] })}
      />
      <Pick
        label={say('fields.layout')}
        value={plan?.layout ?? ''}
        options={[...(plan ? [] : [unsaid]), ...layouts.map((value) => ({ value, label: say(`layouts.${value}`) }))]}
        onChange={(value) => value !== '' && onChoose(layoutChoice(value as ReadPlan['layout'], container))}
      />
      <Pick
        label={say('fields.encoding')}
        value={chosen.encoding ?? plan?.encoding ?? ''}
        options={[...(plan ? [] : [unsaid]), ...encodings.map((value) => ({ value, label: value.toUpperCase() }))]}
        onChange={(value) => value !== '' && onChoose({ encoding: value as ReadPlan['encoding'] })}
      />
      {container === 'csv' && <Table {...{ chosen, plan, onChoose, say }} />}
    </Box>
  );
}

/** Of a file that was not recognised, the layout says what it is made of. */
function layoutChoice(layout: ReadPlan['layout'], container: string): ChosenLayout {
  if (container !== '') return { layout };
  return { layout, container: layout === 'qa_columns' ? 'csv' : 'json' };
}
