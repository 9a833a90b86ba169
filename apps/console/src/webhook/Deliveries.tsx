import Typography from '@mui/material/Typography';
import type { WebhookDelivery } from '@qingnang/contracts';
import { DataTable, useTranslate } from 'react-admin';
import { When } from '../components/When';
import { Listing } from '../listing/Listing';

/** Every message, newest first: whether it arrived, and why not. */
export function Deliveries() {
  const translate = useTranslate();
  const say = (key: string) => translate(`resources.webhook.${key}`);
  const why = ({ errorCode, statusCode }: WebhookDelivery) =>
    errorCode === null ? '–' : `${say(`faults.${errorCode}`)}${statusCode === null ? '' : ` (${statusCode})`}`;
  const state = (delivery: WebhookDelivery) => (
    <>
      {say(`states.${delivery.state}`)}
      {delivery.nextAt !== null && (
        <Typography variant="body2" sx={{ color: 'text.secondary' }}>
          {say('next')}
          <When at={delivery.nextAt} />
        </Typography>
      )}
    </>
  );
  return (
    <Listing
      inner
      resource="webhook/deliveries"
      name={say('delivery')}
      sort={{ field: 'createdAt', order: 'DESC' }}
      emptyText={say('no_log')}
      card={(row) => {
        const delivery = row as WebhookDelivery;
        return (
          <>
            <Typography>
              {say(`events.${delivery.event}`)}
              {delivery.subjectName !== null && ` · ${delivery.subjectName}`}
            </Typography>
            {state(delivery)}
            <Typography variant="body2" sx={{ color: 'text.secondary' }}>
              {delivery.errorCode !== null && `${why(delivery)} · `}
              <When at={delivery.createdAt} />
            </Typography>
          </>
        );
      }}
    >
      <DataTable<WebhookDelivery> rowClick={false} bulkActionButtons={false}>
        <DataTable.Col
          label="resources.webhook.fields.event"
          render={({ event }: WebhookDelivery) => say(`events.${event}`)}
        />
        <DataTable.Col
          label="resources.webhook.fields.subjectName"
          render={({ subjectName }: WebhookDelivery) => subjectName ?? '–'}
        />
        <DataTable.Col label="resources.webhook.fields.state" render={state} />
        <DataTable.Col
          label="resources.webhook.fields.attempts"
          align="right"
          render={({ attempts }: WebhookDelivery) => attempts}
        />
        <DataTable.Col label="resources.webhook.fields.errorCode" render={why} />
        <DataTable.Col
          label="resources.webhook.fields.createdAt"
          render={({ createdAt }: WebhookDelivery) => <When at={createdAt} />}
        />
      </DataTable>
    </Listing>
  );
}
