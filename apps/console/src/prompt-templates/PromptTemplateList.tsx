import Button from '@mui/material/Button';
import { templatePurpose, type PromptTemplateView } from '@qingnang/contracts';
import { DataTable, SelectInput, useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { When } from '../components/When';
import { Listing } from '../listing/Listing';
import { useMayDo } from '../session/useMayDo';

export default function PromptTemplateList() {
  const translate = useTranslate();
  const may = useMayDo();
  const words = (key: string) => translate(`resources.prompt-templates.${key}`);
  const create = may('prompt-templates', 'create') && (
    <Button variant="contained" component={Link} to="/prompt-templates/create">
      {words('create')}
    </Button>
  );
  const purposes = templatePurpose.options.map((id) => ({ id, name: `resources.prompt-templates.purposes.${id}` }));
  return (
    <Listing
      lead={words('lead')}
      actions={create}
      emptyAction={create}
      filters={[<SelectInput key="purpose" source="purpose" alwaysOn choices={purposes} />]}
    >
      <DataTable<PromptTemplateView> rowClick="show" bulkActionButtons={false}>
        <DataTable.Col source="name" disableSort />
        <DataTable.Col source="key" />
        <DataTable.Col
          source="purpose"
          disableSort
          render={(row: PromptTemplateView) => words(`purposes.${row.purpose}`)}
        />
        <DataTable.NumberCol source="versionCount" disableSort />
        <DataTable.Col source="createdAt" render={(row: PromptTemplateView) => <When at={row.createdAt} />} />
      </DataTable>
    </Listing>
  );
}
