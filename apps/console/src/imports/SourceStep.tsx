import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import type { CreateSource, ImportJob, KnownIds, ReadPlan, Source, Upload } from '@qingnang/contracts';
import {
  FormDataConsumer,
  Form,
  RadioButtonGroupInput,
  ReferenceInput,
  AutocompleteInput,
  SelectInput,
  required,
  useNotify,
  useTranslate,
} from 'react-admin';
import { useFormState } from 'react-hook-form';
import { useNavigate } from 'react-router-dom';
import type { ApiError } from '../providers/api-error';
import { api } from '../providers/http';
import { projectPath } from '../session/project';
import { KnownIdsInput } from './page/KnownIdsInput';
import { newSource } from '../sources/source-model';
import { SourceInputs } from '../sources/SourceInputs';

interface Answers {
  choice: 'known' | 'new';
  sourceId?: string;
  source: CreateSource;
  dataSet: string;
  knownIds: KnownIds;
}

interface Props {
  upload: Upload;
  plan: ReadPlan;
  onBack: () => void;
}

const dataSets = [
  'real_instruction',
  'distilled_instruction',
  'real_conversation',
  'distilled_conversation',
  'reference_corpus',
] as const;

/** Faults of the new source stand under its inputs, which lie below `source.`. */
function faultsBelowSource(error: ApiError): Record<string, unknown> | undefined {
  const errors = (error.body as { errors?: Record<string, string> } | undefined)?.errors;
  return errors && { source: errors };
}

function useStart(upload: Upload, plan: ReadPlan) {
  const navigate = useNavigate();
  const notify = useNotify();
  return async (answers: Answers) => {
    let { sourceId } = answers;
    try {
      if (answers.choice === 'new') {
        sourceId = (await api.post<Source>(projectPath('/sources'), answers.source)).data.id;
      }
    } catch (error) {
      notify((error as ApiError).detail ?? 'errors.unknown', { type: 'error' });
      return faultsBelowSource(error as ApiError);
    }
    try {
      const { dataSet, knownIds } = answers;
      const body = { uploadId: upload.id, sourceId, dataSet, plan, knownIds };
      const { data } = await api.post<ImportJob>(projectPath('/imports'), body);
      navigate(`/imports/${data.id}/show`);
    } catch (error) {
      notify((error as ApiError).detail ?? 'errors.unknown', { type: 'error' });
    }
    return undefined;
  };
}

function Buttons({ onBack }: { onBack: () => void }) {
  const translate = useTranslate();
  const { isSubmitting } = useFormState();
  return (
    <Box sx={{ display: 'flex', gap: 1 }}>
      <Button onClick={onBack}>{translate('resources.imports.back')}</Button>
      <Button type="submit" variant="contained" disabled={isSubmitting}>
        {translate('resources.imports.start')}
      </Button>
    </Box>
  );
}

/** Where the data comes from and which of the data sets it belongs to; then it starts. */
export function SourceStep({ upload, plan, onBack }: Props) {
  const translate = useTranslate();
  const say = (key: string) => translate(`resources.imports.${key}`);
  const start = useStart(upload, plan);
  return (
    <Form
      defaultValues={{ choice: 'new', source: newSource, dataSet: 'real_instruction', knownIds: 'refuse' }}
      onSubmit={(answers: unknown) => start(answers as Answers)}
    >
      <Box sx={{ display: 'grid', gap: 1, maxWidth: 720 }}>
        <SelectInput
          source="dataSet"
          label={say('fields.dataSet')}
          validate={required()}
          helperText={say('data_set_hint')}
          choices={dataSets.map((id) => ({ id, name: `resources.records.data_sets.${id}` }))}
          fullWidth
        />
        <RadioButtonGroupInput
          source="choice"
          label={say('fields.source')}
          choices={(['new', 'known'] as const).map((id) => ({ id, name: say(`source_choice.${id}`) }))}
          translateChoice={false}
        />
        <FormDataConsumer<Answers>>
          {({ formData }) =>
            formData.choice === 'known' ? (
              <ReferenceInput
                source="sourceId"
                reference="sources"
                sort={{ field: 'name', order: 'ASC' }}
                perPage={200}
              >
                <AutocompleteInput
                  label={say('fields.source')}
                  optionText="name"
                  validate={required()}
                  filterToQuery={(q: string) => ({ q })}
                  fullWidth
                />
              </ReferenceInput>
            ) : (
              <SourceInputs prefix="source." withLanguage />
            )
          }
        </FormDataConsumer>
        {plan.mapping.id !== undefined && <KnownIdsInput column={plan.mapping.id} />}
        <Buttons onBack={onBack} />
      </Box>
    </Form>
  );
}
