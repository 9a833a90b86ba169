import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import LinearProgress from '@mui/material/LinearProgress';
import Typography from '@mui/material/Typography';
import type { ChosenLayout, ReadPlan, Upload } from '@qingnang/contracts';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { LayoutChoices } from './LayoutChoices';
import { FileNotes, Outlook, QuestionsOnly } from './LayoutNotes';
import { Pick } from './Pick';
import { fieldsOf, isQuestionsOnly, missingInPlan, withColumn } from './plan-model';
import { RawPreview } from './RawPreview';
import { SampleTable } from './SampleTable';

interface Props {
  file: File;
  upload: Upload;
  /** What was said of the file by hand, and what is proposed with it. */
  chosen: ChosenLayout;
  plan: ReadPlan | null;
  looking: boolean;
  onChoose: (change: ChosenLayout) => void;
  onPlan: (plan: ReadPlan) => void;
  onBack: () => void;
  onNext: () => void;
}

interface ColumnsProps {
  header: readonly string[];
  plan: ReadPlan;
  onPlan: (plan: ReadPlan) => void;
}

function Columns({ header, plan, onPlan }: ColumnsProps) {
  const translate = useTranslate();
  const none = { value: '', label: translate('resources.imports.no_column') };
  const options = [none, ...header.map((column) => ({ value: column, label: column }))];
  return (
    <>
      <Typography variant="h3">{translate('resources.imports.columns_title')}</Typography>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2 }}>
        {fieldsOf(plan.layout, header).map((field) => (
          <Pick
            key={field}
            label={translate(`resources.imports.columns.${field}`)}
            value={plan.mapping[field] ?? ''}
            options={options}
            onChange={(column) => onPlan(withColumn(plan, field, column))}
          />
        ))}
      </Box>
    </>
  );
}

function Sample({ file, upload, chosen, plan }: Pick4) {
  const translate = useTranslate();
  const { detection } = upload;
  const isProposed = detection && JSON.stringify(detection.mapping) === JSON.stringify(plan?.mapping);
  return (
    <>
      <Typography variant="h3">{translate('resources.imports.sample')}</Typography>
      {detection && plan ? (
        <SampleTable detection={detection} plan={plan} />
      ) : (
        <RawPreview file={file} encoding={chosen.encoding ?? 'utf-8'} />
      )}
      {isProposed && detection.outlook && <Outlook outlook={detection.outlook} />}
    </>
  );
}

type Pick4 = { file: File; upload: Upload; chosen: ChosenLayout; plan: ReadPlan | null };

/** What the file seems to be, for a person to confirm or to put right. */
export function LayoutStep({ file, upload, chosen, plan, looking, onChoose, onPlan, onBack, onNext }: Props) {
  const translate = useTranslate();
  const say = (key: string) => translate(`resources.imports.${key}`);
  const [agreed, setAgreed] = useState(false);
  const missing = missingInPlan(plan);
  const asks = plan !== null && missing === null && isQuestionsOnly(plan);
  return (
    <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'minmax(0, 1fr)' }}>
      <FileNotes upload={upload} />
      <LayoutChoices {...{ chosen, plan, onChoose }} />
      {looking && <LinearProgress aria-label={say('looking')} />}
      {plan && <Columns header={upload.detection?.header ?? []} plan={plan} onPlan={onPlan} />}
      {missing && (
        <Alert severity="warning" variant="outlined">
          {say(`missing.${missing}`)}
        </Alert>
      )}
      {asks && <QuestionsOnly rows={upload.detection?.rows} agreed={agreed} onAgree={setAgreed} />}
      <Sample {...{ file, upload, chosen, plan }} />
      <Box sx={{ display: 'flex', gap: 1 }}>
        <Button onClick={onBack}>{say('other_file')}</Button>
        <Button variant="contained" disabled={missing !== null || looking || (asks && !agreed)} onClick={onNext}>
          {say('confirm_columns')}
        </Button>
      </Box>
    </Box>
  );
}
