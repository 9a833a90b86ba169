import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import type { PromptSummary } from '@qingnang/contracts';
import { DataTable, TextInput, SelectInput, useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { Count } from '../components/Count';
import { When } from '../components/When';
import { Listing } from '../listing/Listing';
import { useMayDo } from '../session/useMayDo';
import { MakePrompts } from './MakePrompts';

const flags = ['multiTurn', 'hasReference', 'hasCandidates', 'judged', 'ranked'] as const;
const counts = ['references', 'candidates', 'judgements'] as const;

export default function PromptList() {
  const translate = useTranslate();
  const say = (key: string) => translate(`resources.prompts.${key}`);
  const may = useMayDo();
  const yesNo = ['true', 'false'].map((id) => ({ id, name: say(id === 'true' ? 'yes' : 'no') }));
  const make = may('prompts', 'create') && <MakePrompts />;
  return (
    <Listing
      lead={say('lead')}
      actions={
        <>
          {may('candidates', 'create') && (
            <Button component={Link} to="/candidates/create">
              {translate('resources.candidates.create')}
            </Button>
          )}
          {may('judgements', 'create') && (
            <Button component={Link} to="/judgements/create">
              {translate('resources.judgements.create')}
            </Button>
          )}
          {make}
        </>
      }
      emptyText={say('empty')}
      emptyAction={make}
      filters={[
        <TextInput key="text" source="text" alwaysOn resettable label="resources.prompts.fields.text" />,
        ...flags.map((flag) => (
          <SelectInput
            key={flag}
            source={flag}
            alwaysOn
            label={`resources.prompts.fields.${flag}`}
            choices={yesNo}
            translateChoice={false}
          />
        )),
      ]}
      card={(row) => {
        const prompt = row as PromptSummary;
        return (
          <Link to={`/prompts/${prompt.id}/show`} style={{ color: 'inherit', textDecoration: 'none' }}>
            <Typography>{prompt.question}</Typography>
            <Typography variant="body2" sx={{ color: 'text.secondary' }}>
              {[prompt.department, ...counts.map((name) => `${say(`fields.${name}`)} ${prompt[name]}`)]
                .filter(Boolean)
                .join(' · ')}
            </Typography>
          </Link>
        );
      }}
    >
      <DataTable<PromptSummary> rowClick="show" bulkActionButtons={false}>
        <DataTable.Col
          source="question"
          disableSort
          sx={{ maxWidth: '30em', overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}
        />
        <DataTable.Col source="department" disableSort render={(prompt: PromptSummary) => prompt.department ?? '–'} />
        {(['turnCount', ...counts] as const).map((name) => (
          <DataTable.Col
            key={name}
            source={name}
            disableSort
            align="right"
            render={(prompt: PromptSummary) => <Count value={prompt[name]} />}
          />
        ))}
        <DataTable.Col source="createdAt" render={(prompt: PromptSummary) => <When at={prompt.createdAt} />} />
      </DataTable>
    </Listing>
  );
}
