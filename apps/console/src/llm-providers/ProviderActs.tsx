import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import type { ProviderView } from '@qingnang/contracts';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Confirm, useNotify, useRecordContext, useRefresh, useTranslate } from 'react-admin';
import { api } from '../providers/http';
import { projectPath } from '../session/project';

/** Declaring that text stays here, and retiring; both name the revision that is on screen. */
export function ProviderActs() {
  const provider = useRecordContext<ProviderView>();
  return provider ? <Acts provider={provider} /> : null;
}

function Acts({ provider }: { provider: ProviderView }) {
  const translate = useTranslate();
  const notify = useNotify();
  const refresh = useRefresh();
  const [asking, setAsking] = useState(false);
  const path = projectPath(`/providers/${provider.id}`);
  const rest = { ifMatch: `"${provider.revision}"` };
  const { mutate, isPending } = useMutation({
    mutationFn: (act: () => Promise<unknown>) => act(),
    onSuccess: () => refresh(),
    onError: (error: Error) => notify(error.message, { type: 'error' }),
    onSettled: () => setAsking(false),
  });
  const declare = (inside: boolean) => mutate(() => api.put(`${path}/inside`, { inside }, rest));
  const active = provider.state === 'active';
  return (
    <Box sx={{ display: 'flex', gap: 1, py: 1 }}>
      {provider.kind === 'external' && (
        <Button disabled={isPending} onClick={() => (provider.outside ? setAsking(true) : declare(false))}>
          {translate(`resources.providers.${provider.outside ? 'declare_inside' : 'withdraw_inside'}`)}
        </Button>
      )}
      <Button
        color={active ? 'error' : 'primary'}
        disabled={isPending}
        onClick={() => mutate(() => api.patch(path, { state: active ? 'retired' : 'active' }, rest))}
      >
        {translate(`resources.providers.${active ? 'retire' : 'reactivate'}`)}
      </Button>
      <Confirm
        isOpen={asking}
        loading={isPending}
        title="resources.providers.declare_inside"
        content="resources.providers.declare_sure"
        onConfirm={() => declare(true)}
        onClose={() => setAsking(false)}
      />
    </Box>
  );
}
