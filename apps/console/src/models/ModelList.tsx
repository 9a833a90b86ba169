import Button from '@mui/material/Button';
import type { ModelView } from '@qingnang/contracts';
import { DataTable, SelectInput, useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { When } from '../components/When';
import { RehearsalMark } from '../dialogue/RehearsalMark';
import { Listing } from '../listing/Listing';
import { methods, shortHash } from '../runs/run-model';
import { useMayDo } from '../session/useMayDo';

export default function ModelList() {
  const translate = useTranslate();
  const may = useMayDo();
  const train = may('runs', 'run') && (
    <Button variant="contained" component={Link} to="/runs/create">
      {translate('resources.models.train')}
    </Button>
  );
  return (
    <Listing
      lead={translate('resources.models.lead')}
      emptyText={translate('resources.models.empty')}
      emptyAction={train}
      filters={[
        <SelectInput
          key="stage"
          source="stage"
          alwaysOn
          choices={methods.map((id) => ({ id, name: `resources.runs.methods.${id}` }))}
        />,
      ]}
    >
      <DataTable<ModelView> rowClick="show" bulkActionButtons={false}>
        <DataTable.Col
          source="name"
          render={(model: ModelView) => <RehearsalMark when={model.rehearsal}>{model.name}</RehearsalMark>}
        />
        <DataTable.Col
          source="stage"
          disableSort
          render={(model: ModelView) => translate(`resources.runs.methods.${model.stage}`)}
        />
        <DataTable.Col
          source="server"
          disableSort
          render={(model: ModelView) =>
            model.providerId && translate(`resources.models.server_states.${model.server?.state ?? 'none'}`)
          }
        />
        <DataTable.NumberCol source="contextTokens" disableSort />
        <DataTable.Col
          source="weightsHash"
          disableSort
          render={(model: ModelView) => <code title={model.weightsHash}>{shortHash(model.weightsHash)}</code>}
        />
        <DataTable.Col source="createdAt" render={(model: ModelView) => <When at={model.createdAt} />} />
      </DataTable>
    </Listing>
  );
}
