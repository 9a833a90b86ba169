import Box from '@mui/material/Box';
import Paper from '@mui/material/Paper';
import Step from '@mui/material/Step';
import StepLabel from '@mui/material/StepLabel';
import Stepper from '@mui/material/Stepper';
import type { Upload } from '@qingnang/contracts';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { PageHeader } from '../listing/PageHeader';
import { FileStep } from './FileStep';
import { LayoutStep } from './layout/LayoutStep';
import { SourceStep } from './SourceStep';
import { useLook } from './layout/use-look';

const steps = ['file', 'columns', 'source'] as const;

/** From a file to a running import: send it, confirm what its columns are, say where it comes from. */
export default function ImportWizard() {
  const translate = useTranslate();
  const [step, setStep] = useState(0);
  const { sent, chosen, plan, looking, start, choose, setPlan } = useLook();
  const onSent = (file: File, upload: Upload) => {
    start(file, upload);
    setStep(1);
  };
  return (
    <Box sx={{ maxWidth: 1040 }}>
      <PageHeader title={translate('resources.imports.create')} />
      <Stepper activeStep={step} sx={{ mb: 2 }}>
        {steps.map((name) => (
          <Step key={name}>
            <StepLabel>{translate(`resources.imports.steps.${name}`)}</StepLabel>
          </Step>
        ))}
      </Stepper>
      <Paper variant="outlined" sx={{ p: { xs: 2, md: 3 } }}>
        {step === 0 || !sent ? (
          <FileStep onDone={onSent} />
        ) : step === 1 || !plan ? (
          <LayoutStep
            {...sent}
            {...{ chosen, plan, looking }}
            onChoose={(change) => void choose(change)}
            onPlan={setPlan}
            onBack={() => setStep(0)}
            onNext={() => setStep(2)}
          />
        ) : (
          <SourceStep upload={sent.upload} plan={plan} onBack={() => setStep(1)} />
        )}
      </Paper>
    </Box>
  );
}
