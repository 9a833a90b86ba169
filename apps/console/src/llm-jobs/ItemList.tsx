import Link from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import type { LlmItemView } from '@qingnang/contracts';
import { DataTable, SelectInput, useTranslate } from 'react-admin';
import { Link as RouterLink } from 'react-router-dom';
import { Money } from '../components/Money';
import { When } from '../components/When';
import { Listing } from '../listing/Listing';
import { ItemCalls } from './ItemCalls';

const states = ['waiting', 'in_flight', 'in_doubt', 'answered', 'stored', 'failed', 'skipped'];
/** Subjects that have a page of their own. */
const pages: Record<string, string> = { record: 'records', prompt: 'prompts' };

function Subject({ item }: { item: LlmItemView }) {
  const page = pages[item.subjectType];
  const short = `…${item.subjectId.slice(-8)}`;
  if (!page) return <>{short}</>;
  return (
    <Link component={RouterLink} to={`/${page}/${item.subjectId}/show`} onClick={(event) => event.stopPropagation()}>
      {short}
    </Link>
  );
}

/** Item by item: state, tries, tokens, cost, what went wrong; a row opens its calls. */
export function ItemList({ jobId, currency }: { jobId: string; currency: string }) {
  const translate = useTranslate();
  const words = (key: string) => translate(`resources.llm-jobs.${key}`);
  const field = (key: string) => `resources.llm-jobs.fields.${key}`;
  return (
    <section>
      <Typography variant="h2" sx={{ mb: 1 }}>
        {words('items')}
      </Typography>
      <Listing
        inner
        resource={`llm-jobs/${jobId}/items`}
        name={words('item')}
        sort={{ field: 'id', order: 'ASC' }}
        emptyText={words('items_empty')}
        filters={[
          <SelectInput
            key="state"
            source="state"
            alwaysOn
            label={field('state')}
            choices={states.map((id) => ({ id, name: `resources.llm-jobs.states.${id}` }))}
          />,
        ]}
      >
        <DataTable<LlmItemView> rowClick="expand" bulkActionButtons={false} expand={<ItemCalls jobId={jobId} />}>
          <DataTable.Col label={field('record')} disableSort render={(item: LlmItemView) => <Subject item={item} />} />
          <DataTable.Col
            label={field('role')}
            disableSort
            render={(item: LlmItemView) => translate(`resources.llm-jobs.distil.roles.${item.role}`)}
          />
          <DataTable.Col
            label={field('state')}
            disableSort
            render={(item: LlmItemView) => words(`states.${item.state}`)}
          />
          <DataTable.NumberCol source="attempts" label={field('attempts')} disableSort />
          <DataTable.NumberCol source="inDoubtCount" label={field('inDoubtCount')} disableSort />
          <DataTable.Col
            label={field('tokens')}
            disableSort
            render={(item: LlmItemView) => `${item.inputTokens} / ${item.outputTokens}`}
          />
          <DataTable.Col
            label={field('cost')}
            align="right"
            disableSort
            render={(item: LlmItemView) => <Money amount={item.cost} currency={currency} />}
          />
          <DataTable.Col
            label={field('errorCode')}
            disableSort
            render={(item: LlmItemView) =>
              item.errorCode && translate(`resources.llm-jobs.codes.${item.errorCode}`, { _: item.errorCode })
            }
          />
          <DataTable.Col
            source="updatedAt"
            label={field('updatedAt')}
            render={(item: LlmItemView) => <When at={item.updatedAt} />}
          />
        </DataTable>
      </Listing>
    </section>
  );
}
