import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { Estimated } from './Estimated';
import { useWrittenJob } from './useWrittenJob';

interface Props {
  resource: 'candidates' | 'judgements';
  /** What is asked for; null while the form is not whole. */
  body: object | null;
}

/** Says what the job would cost, then starts it. After a change of the form it is estimated again. */
export function EstimateAndStart({ resource, body }: Props) {
  const translate = useTranslate();
  const { job, write, start } = useWrittenJob(resource);
  const told = JSON.stringify(body);
  const [asked, setAsked] = useState('');
  const current = job !== null && asked === told;
  const estimate = () => {
    setAsked(told);
    write.mutate(body);
  };
  return (
    <>
      {current && job.estimate && <Estimated estimate={job.estimate} />}
      <Box sx={{ display: 'flex', gap: 1 }}>
        <Button
          variant={current ? 'outlined' : 'contained'}
          disabled={body === null || write.isPending || current}
          onClick={estimate}
        >
          {translate('resources.candidates.estimate')}
        </Button>
        {current && (
          <Button
            variant="contained"
            disabled={start.isPending || job.estimate?.calls === 0}
            onClick={() => start.mutate(job.id)}
          >
            {translate('resources.candidates.start')}
          </Button>
        )}
      </Box>
    </>
  );
}
