import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Paper from '@mui/material/Paper';
import Typography from '@mui/material/Typography';
import type { PromptTemplateDetail, PromptVersionView } from '@qingnang/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Form, SaveButton, useNotify, useTranslate } from 'react-admin';
import { api } from '../providers/http';
import { projectPath } from '../session/project';
import { versionOf, type PromptForm } from './prompt-model';
import { PromptInputs } from './PromptInputs';

interface Props {
  template: PromptTemplateDetail;
  base: PromptVersionView;
  onSaved(version: PromptVersionView): void;
  onClose(): void;
}

/** The next version, written from one there is. */
export function NewVersion({ template, base, onSaved, onClose }: Props) {
  const translate = useTranslate();
  const notify = useNotify();
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: async (form: PromptForm) =>
      (await api.post<PromptVersionView>(projectPath(`/prompt-templates/${template.id}/versions`), versionOf(form)))
        .data,
    onSuccess: async (version) => {
      await client.invalidateQueries({ queryKey: ['prompt-templates'] });
      notify('resources.prompt-templates.saved', { messageArgs: { n: version.number } });
      onSaved(version);
    },
    onError: (error: Error) => notify(error.message, { type: 'error' }),
  });
  const { systemText, userText, settings } = base;
  return (
    <Paper variant="outlined" sx={{ p: 2 }}>
      <Typography sx={{ color: 'text.secondary', mb: 2 }}>
        {translate('resources.prompt-templates.new_version_from', { n: base.number })}
      </Typography>
      <Form
        defaultValues={{ systemText, userText, settings }}
        onSubmit={(form: object) => save.mutate(form as PromptForm)}
      >
        <Box sx={{ display: 'grid' }}>
          <PromptInputs />
          <Box sx={{ display: 'flex', gap: 1 }}>
            <SaveButton label="resources.prompt-templates.save_version" disabled={save.isPending} alwaysEnable />
            <Button onClick={onClose}>{translate('ra.action.cancel')}</Button>
          </Box>
        </Box>
      </Form>
    </Paper>
  );
}
