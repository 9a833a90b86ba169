import Button from '@mui/material/Button';
import type { WebhookView } from '@qingnang/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Confirm, useNotify, useTranslate } from 'react-admin';
import { ApiError } from '../providers/api-error';
import { api } from '../providers/http';
import { projectPath } from '../session/project';

/** A test on the way that all messages take, and the end of it all. */
export function WebhookActs({ webhook }: { webhook: WebhookView }) {
  const translate = useTranslate();
  const client = useQueryClient();
  const notify = useNotify();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const act = (work: () => Promise<unknown>, done: string) => {
    setBusy(true);
    work()
      .then(() => client.invalidateQueries({ queryKey: ['webhook'] }))
      .then(() => notify(done))
      .catch((error: unknown) =>
        notify(error instanceof ApiError ? error.message : 'errors.unknown', { type: 'error' }),
      )
      .finally(() => {
        setBusy(false);
        setAsking(false);
      });
  };
  const test = () => act(() => api.post(projectPath('/webhook/test')), 'resources.webhook.tested');
  const remove = () =>
    act(() => api.delete(projectPath('/webhook'), { ifMatch: `"${webhook.revision}"` }), 'resources.webhook.removed');
  return (
    <>
      <Button variant="outlined" disabled={busy || !webhook.active} onClick={test}>
        {translate('resources.webhook.test')}
      </Button>
      <Button color="error" disabled={busy} onClick={() => setAsking(true)}>
        {translate('resources.webhook.remove')}
      </Button>
      <Confirm
        isOpen={asking}
        loading={busy}
        title="resources.webhook.remove"
        content="resources.webhook.remove_sure"
        onConfirm={remove}
        onClose={() => setAsking(false)}
      />
    </>
  );
}
