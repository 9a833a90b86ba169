import Button from '@mui/material/Button';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Confirm, useNotify, useTranslate } from 'react-admin';
import { api } from '../providers/http';
import { projectPath } from '../session/project';

/** Takes a snapshot or model out of use for good, after asking; the words are the resource's own. */
export function WithdrawButton({ resource, id }: { resource: 'snapshots' | 'models'; id: string }) {
  const translate = useTranslate();
  const notify = useNotify();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const withdraw = useMutation({
    mutationFn: () => api.post(projectPath(`/${resource}/${id}/withdraw`)),
    onSuccess: () => notify(translate(`resources.${resource}.withdrawn_done`)),
    onError: (error: Error) => notify(error.message, { type: 'error' }),
    onSettled: () => {
      setAsking(false);
      return client.invalidateQueries({ queryKey: [resource] });
    },
  });
  return (
    <>
      <Button color="error" onClick={() => setAsking(true)}>
        {translate(`resources.${resource}.withdraw`)}
      </Button>
      <Confirm
        isOpen={asking}
        loading={withdraw.isPending}
        confirmColor="warning"
        title={`resources.${resource}.withdraw_title`}
        content={`resources.${resource}.withdraw_sure`}
        onConfirm={() => withdraw.mutate()}
        onClose={() => setAsking(false)}
      />
    </>
  );
}
