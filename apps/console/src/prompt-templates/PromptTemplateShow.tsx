import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import type { PromptTemplateDetail, PromptVersionView } from '@qingnang/contracts';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { useParams } from 'react-router-dom';
import { When } from '../components/When';
import { ErrorState } from '../listing/ErrorState';
import { PageHeader } from '../listing/PageHeader';
import { RowsSkeleton } from '../listing/RowsSkeleton';
import { useDetail } from '../llm-jobs/useDetail';
import { useMayDo } from '../session/useMayDo';
import { NewVersion } from './NewVersion';
import { VersionText } from './VersionText';

/** Every version of a template as it was; the next one is written from the one on screen. */
export default function PromptTemplateShow() {
  const { id = '' } = useParams();
  const { data, error, refetch } = useDetail<PromptTemplateDetail>('prompt-templates', `/prompt-templates/${id}`);
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <RowsSkeleton rows={8} />;
  return <Template template={data} />;
}

function Template({ template }: { template: PromptTemplateDetail }) {
  const translate = useTranslate();
  const may = useMayDo();
  const words = (key: string, values?: object) => translate(`resources.prompt-templates.${key}`, values);
  const [chosen, setChosen] = useState<string | null>(null);
  const [writing, setWriting] = useState(false);
  const version = template.versions.find(({ id }) => id === chosen) ?? template.versions[0];
  if (!version) return null;
  const shown = (made: PromptVersionView) => {
    setWriting(false);
    setChosen(made.id);
  };
  return (
    <Box sx={{ display: 'grid', gap: 2, maxWidth: 880 }}>
      <PageHeader
        title={template.name}
        lead={`${words(`purposes.${template.purpose}`)} · ${template.key}`}
        actions={
          may('prompt-templates', 'update') &&
          !writing && (
            <Button variant="contained" onClick={() => setWriting(true)}>
              {words('new_version')}
            </Button>
          )
        }
      />
      {writing ? (
        <NewVersion template={template} base={version} onSaved={shown} onClose={() => setWriting(false)} />
      ) : (
        <>
          <TextField
            select
            size="small"
            label={words('versions')}
            value={version.id}
            onChange={(event) => setChosen(event.target.value)}
          >
            {template.versions.map(({ id, number, createdAt }) => (
              <MenuItem key={id} value={id}>
                {words('version', { n: number })} · <When at={createdAt} />
              </MenuItem>
            ))}
          </TextField>
          <VersionText version={version} />
        </>
      )}
    </Box>
  );
}
